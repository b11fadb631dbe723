package dev.tidemill.spec;

import dev.tidemill.spec.cluster.JobKeys;
import dev.tidemill.spec.cluster.TrainingJob;
import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Located;
import dev.tidemill.spec.yaml.MappingCursor;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads the `spec` of a training.
final class TrainingReader {
    private static final Evaluation DEFAULT_EVALUATION = new Evaluation.Holdout(0.2);

    private TrainingReader() {}

    static Training read(DocumentContext context, MappingCursor spec) {
        Trainer trainer = spec.get(TrainingKeys.TRAINER);
        Optional<Boolean> isProgram =
                spec.isSound(TrainingKeys.TRAINER)
                        ? Optional.of(trainer == Trainer.PROGRAM)
                        : Optional.empty();
        boolean program = isProgram.orElse(false);
        if (program) {
            checkProgram(spec);
        }
        Map<String, Double> parameters = program ? Map.of() : parameters(spec, trainer);
        long seed = spec.get(TrainingKeys.SEED);
        MappingCursor data = spec.child(TrainingKeys.DATASET);
        Dataset dataset = program ? programs(data) : dataset(data);
        if (!program) {
            checkFeaturesFit(spec, data);
        }
        Optional<TextFeaturesSpec> features = features(spec);
        Evaluation evaluation = evaluation(spec.child(TrainingKeys.EVALUATION));
        List<Gate> gates =
                spec.children(TrainingKeys.GATES).stream()
                        .map(gate -> gate(gate, !isProgram.orElse(true)))
                        .toList();
        Registers registers = registers(context, spec.child(TrainingKeys.REGISTERS));
        List<Located<String>> after = spec.items(TrainingKeys.AFTER);
        after.forEach(name -> context.refersTo(Kind.TRAINING, name));
        Duration timeout = spec.get(TrainingKeys.TIMEOUT);
        return new Training(
                context.metadata(),
                context.place(),
                context.document().text(),
                trainer,
                parameters,
                seed,
                dataset,
                features,
                evaluation,
                gates,
                registers,
                after.stream().map(Located::value).toList(),
                timeout,
                job(spec, data, dataset, isProgram));
    }

    private static Map<String, Double> parameters(MappingCursor spec, Trainer trainer) {
        if (!spec.isSound(TrainingKeys.TRAINER)) {
            // Without a known trainer nobody can say which parameters are right.
            return Map.of();
        }
        List<Key.Value<Double>> keys = TrainingKeys.parametersOf(trainer);
        MappingCursor given =
                spec.child(TrainingKeys.PARAMETERS.with(TrainingKeys.parameterShape(trainer)));
        Map<String, Double> values = new HashMap<>();
        keys.forEach(key -> values.put(key.name(), given.get(key)));
        return values;
    }

    private static Dataset dataset(MappingCursor data) {
        String path = data.get(TrainingKeys.PATH);
        String label = data.get(TrainingKeys.LABEL);
        Optional<String> text = data.find(TrainingKeys.TEXT);
        Optional<String> group = data.find(TrainingKeys.GROUP);
        if (data.isSound(TrainingKeys.LABEL)) {
            if (text.filter(label::equals).isPresent()) {
                data.problem(TrainingKeys.TEXT, "a column other than the label");
            }
            if (group.filter(label::equals).isPresent()) {
                data.problem(TrainingKeys.GROUP, "a column other than the label");
            }
        }
        return new Dataset(path, label, text, group);
    }

    /// It measures itself, reads its data itself, and its parameters are its environment.
    private static void checkProgram(MappingCursor spec) {
        if (spec.has(TrainingKeys.PARAMETERS)) {
            spec.problem(
                    TrainingKeys.PARAMETERS,
                    "no parameters with trainer: program, which has them in job.env");
        }
        for (Key.Section key : List.of(TrainingKeys.FEATURES, TrainingKeys.EVALUATION)) {
            if (spec.has(key)) {
                spec.problem(
                        key, "no %s with trainer: program, whose own it is".formatted(key.name()));
            }
        }
    }

    private static Dataset programs(MappingCursor data) {
        for (Key.Value<String> key : List.of(TrainingKeys.TEXT, TrainingKeys.GROUP)) {
            if (data.has(key)) {
                data.problem(
                        key, "no %s with trainer: program, whose own it is".formatted(key.name()));
            }
        }
        return new Dataset(
                data.get(TrainingKeys.PROGRAM_PATH),
                data.find(TrainingKeys.ANY_LABEL).orElse(""),
                Optional.empty(),
                Optional.empty());
    }

    private static Optional<TrainingJob> job(
            MappingCursor spec, MappingCursor data, Dataset dataset, Optional<Boolean> isProgram) {
        Optional<TrainingJob> job = JobKeys.read(spec, isProgram);
        if (job.isPresent()
                && data.isSound(TrainingKeys.PATH)
                && (dataset.path().startsWith("/") || dataset.path().contains(".."))) {
            data.problem(TrainingKeys.PATH, "a path inside of the job's volume");
        }
        return job;
    }

    private static void checkFeaturesFit(MappingCursor spec, MappingCursor data) {
        boolean features = spec.has(TrainingKeys.FEATURES);
        boolean text = data.has(TrainingKeys.TEXT);
        if (features && !text && spec.isSound(TrainingKeys.DATASET)) {
            spec.problem(
                    TrainingKeys.FEATURES,
                    "dataset.text, the column to make them of, or no features");
        }
        if (text && !features) {
            data.problem(TrainingKeys.TEXT, "spec.features too, such as features: {}");
        }
    }

    private static Optional<TextFeaturesSpec> features(MappingCursor spec) {
        MappingCursor features = spec.child(TrainingKeys.FEATURES);
        MappingCursor ngrams = features.child(TrainingKeys.NGRAMS);
        int min = ngrams.get(TrainingKeys.MIN_GRAM);
        int max = ngrams.get(TrainingKeys.MAX_GRAM);
        if (min > max
                && ngrams.isSound(TrainingKeys.MIN_GRAM)
                && ngrams.isSound(TrainingKeys.MAX_GRAM)) {
            ngrams.problem(TrainingKeys.MIN_GRAM, "at most max, which is " + max);
        }
        int buckets = features.get(TrainingKeys.BUCKETS);
        int maxLength = features.get(TrainingKeys.MAX_LENGTH);
        return spec.has(TrainingKeys.FEATURES)
                ? Optional.of(new TextFeaturesSpec(min, max, buckets, maxLength))
                : Optional.empty();
    }

    private static Evaluation evaluation(MappingCursor evaluation) {
        Optional<Double> holdout = evaluation.find(TrainingKeys.HOLDOUT);
        Optional<Integer> folds = evaluation.find(TrainingKeys.FOLDS);
        if (evaluation.has(TrainingKeys.HOLDOUT) && evaluation.has(TrainingKeys.FOLDS)) {
            evaluation.problem(TrainingKeys.FOLDS, "either holdout or folds");
        }
        return folds.<Evaluation>map(Evaluation.CrossValidation::new)
                .or(() -> holdout.map(Evaluation.Holdout::new))
                .orElse(DEFAULT_EVALUATION);
    }

    private static Gate gate(MappingCursor gate, boolean builtIn) {
        return new Gate(
                gate.get(builtIn ? TrainingKeys.METRIC : TrainingKeys.ANY_METRIC),
                gate.get(TrainingKeys.MIN));
    }

    private static Registers registers(DocumentContext context, MappingCursor registers) {
        String model = registers.get(TrainingKeys.MODEL);
        Optional<String> alias = registers.find(TrainingKeys.ALIAS);
        String description = registers.find(TrainingKeys.DESCRIPTION).orElse("");
        Registers read = new Registers(model, alias, description);
        if (registers.isSound(TrainingKeys.MODEL)) {
            read.promised().forEach(context::promises);
        }
        return read;
    }
}
