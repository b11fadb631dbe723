package dev.tidemill.spec;

import dev.tidemill.spec.cluster.JobKeys;
import dev.tidemill.spec.cluster.PodKeys;
import dev.tidemill.spec.yaml.Form;
import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Presence;
import dev.tidemill.spec.yaml.Shape;
import dev.tidemill.spec.yaml.ValueType;
import dev.tidemill.spec.yaml.ValueTypes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// The keys of a `Training`.
final class TrainingKeys {
    private static final Pattern METRIC_NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,99}");

    static final Key.Value<Trainer> TRAINER =
            new Key.Value<>(
                    "trainer",
                    ValueTypes.choice(
                            List.of(
                                    Map.entry("svm", Trainer.SVM),
                                    Map.entry("logistic", Trainer.LOGISTIC),
                                    Map.entry("program", Trainer.PROGRAM))),
                    Presence.required(),
                    "`svm`: support vectors with a radial basis kernel (LibSVM); `logistic`: a"
                            + " linear model by stochastic gradient descent; `program`: one of"
                            + " your own, in `job.image`, on a cluster.");

    static final List<Key.Value<Double>> SVM_PARAMETERS =
            List.of(
                    parameter("cost", ValueTypes.positive(1e6), "1", "Price of a wrong row."),
                    new Key.Value<>(
                            "gamma",
                            ValueTypes.positive(1e6),
                            Presence.required(),
                            "Width of the kernel; 1 / (columns x variance) is a good start."));
    static final List<Key.Value<Double>> LOGISTIC_PARAMETERS =
            List.of(
                    parameter("epochs", wholeAsNumber(1, 10_000), "20", "Passes over the data."),
                    parameter(
                            "learningRate",
                            ValueTypes.positive(1000),
                            "0.5",
                            "Size of a step at the start."));

    static final Key.Section PARAMETERS =
            new Key.Section(
                    "parameters",
                    Shape.of(),
                    Presence.otherwise("{}"),
                    "Of the trainer; which keys it may have depends on it.");

    static final Key.Value<Long> SEED =
            new Key.Value<>(
                    "seed",
                    ValueTypes.wholeLong(0, Integer.MAX_VALUE),
                    Presence.otherwise("42"),
                    "Of every random choice: the same seed and data make the same model.");

    static final Key.Value<String> PATH =
            new Key.Value<>(
                    "path",
                    SpecTypes.path("data/digits.csv.gz", List.of(".csv", ".csv.gz")),
                    Presence.required(),
                    "A CSV file with a header line; relative to the folder of this file. With"
                            + " `trainer: program` any file or folder of the job's volume.");

    /// The same of a program, which reads what it likes.
    static final Key.Value<String> PROGRAM_PATH =
            new Key.Value<>("path", PodKeys.inside("digits"), Presence.required(), PATH.meaning());

    static final Key.Value<String> LABEL =
            column("label", Presence.required(), "The column to predict.");
    static final Key.Value<String> ANY_LABEL =
            column(
                    "label",
                    Presence.optional("required, except with `trainer: program`"),
                    LABEL.meaning());
    static final Key.Value<String> TEXT =
            column(
                    "text",
                    Presence.optional("all other columns are numbers"),
                    "The column that text features are made of.");
    static final Key.Value<String> GROUP =
            column(
                    "group",
                    Presence.optional(),
                    "Rows with one value here are never on both sides of a split.");
    static final Key.Section DATASET =
            new Key.Section(
                    "dataset",
                    Shape.of(PATH, ANY_LABEL, TEXT, GROUP),
                    Presence.required(),
                    "What to learn from.");

    static final Key.Value<Integer> MIN_GRAM =
            new Key.Value<>(
                    "min",
                    ValueTypes.whole(1, 8),
                    Presence.otherwise("1"),
                    "Shortest piece of text, in characters.");
    static final Key.Value<Integer> MAX_GRAM =
            new Key.Value<>(
                    "max",
                    ValueTypes.whole(1, 8),
                    Presence.otherwise("4"),
                    "Longest piece of text, in characters; at least `min`.");
    static final Key.Section NGRAMS =
            new Key.Section(
                    "ngrams",
                    Shape.of(MIN_GRAM, MAX_GRAM),
                    Presence.otherwise("{}"),
                    "The pieces of text that are counted.");
    static final Key.Value<Integer> BUCKETS =
            new Key.Value<>(
                    "buckets",
                    powerOfTwo(64, 1 << 18),
                    Presence.otherwise("8192"),
                    "Length of the vector that the pieces are hashed into.");
    static final Key.Value<Integer> MAX_LENGTH =
            new Key.Value<>(
                    "maxLength",
                    ValueTypes.whole(1, 100_000),
                    Presence.otherwise("512"),
                    "Characters after which text is cut.");
    static final Key.Section FEATURES =
            new Key.Section(
                    "features",
                    Shape.of(NGRAMS, BUCKETS, MAX_LENGTH),
                    Presence.optional("required with `dataset.text`"),
                    "How text becomes numbers, in training and in serving.");

    static final Key.Value<Double> HOLDOUT =
            new Key.Value<>(
                    "holdout",
                    ValueTypes.number(0.01, 0.9),
                    Presence.optional("`0.2` without `folds`"),
                    "Share of the rows that is held out.");
    static final Key.Value<Integer> FOLDS =
            new Key.Value<>(
                    "folds",
                    ValueTypes.whole(2, 20),
                    Presence.optional(),
                    "Cross-validation: every row is held out once. Not with `holdout`.");
    static final Key.Section EVALUATION =
            new Key.Section(
                    "evaluation",
                    Shape.of(HOLDOUT, FOLDS),
                    Presence.optional("`{holdout: 0.2}`"),
                    "How the model is measured.");

    static final Key.Value<String> METRIC =
            new Key.Value<>(
                    "metric",
                    ValueTypes.choice(
                            List.of(
                                    Map.entry("accuracy", "accuracy"),
                                    Map.entry("precision", "precision"),
                                    Map.entry("recall", "recall"))),
                    Presence.required(),
                    "Measured on rows that were held out; precision and recall are means over the"
                            + " labels.");

    /// The same of a program, which measures what it likes.
    static final Key.Value<String> ANY_METRIC =
            new Key.Value<>(
                    "metric",
                    ValueTypes.matching(
                                    "accuracy, precision or recall, or with trainer: program a name"
                                            + " in its metrics.json",
                                    "accuracy",
                                    text -> METRIC_NAME.matcher(text).matches())
                            .as(Form.matching(METRIC_NAME, 100)),
                    Presence.required(),
                    METRIC.meaning());

    static final Key.Value<Double> MIN =
            new Key.Value<>(
                    "min", ValueTypes.number(0, 1), Presence.required(), "The least that passes.");
    static final Key.Sections GATES =
            new Key.Sections(
                    "gates",
                    Shape.of(ANY_METRIC, MIN),
                    0,
                    10,
                    Presence.optional(),
                    "Nothing is registered when a metric is below its minimum.");

    static final Key.Value<String> MODEL =
            new Key.Value<>(
                    "model",
                    ValueTypes.name(),
                    Presence.required(),
                    "The model that gets a new version.");
    static final Key.Value<String> ALIAS =
            new Key.Value<>(
                    "alias",
                    SpecTypes.alias(),
                    Presence.optional(),
                    "The alias that is moved to the new version.");
    static final Key.Value<String> DESCRIPTION =
            new Key.Value<>(
                    "description",
                    SpecTypes.description(),
                    Presence.optional(),
                    "Of the new version, for people.");
    static final Key.Section REGISTERS =
            new Key.Section(
                    "registers",
                    Shape.of(MODEL, ALIAS, DESCRIPTION),
                    Presence.required(),
                    "What a training that passed its gates adds to the registry.");

    static final Key.Values<String> AFTER =
            new Key.Values<>(
                    "after",
                    ValueTypes.name(),
                    100,
                    "Trainings of this file that end before this one starts.");
    static final Key.Value<Duration> TIMEOUT =
            new Key.Value<>(
                    "timeout",
                    ValueTypes.duration("1s", "7d"),
                    Presence.otherwise("10m"),
                    "After which a run is stopped and has failed.");

    static final Shape SPEC =
            Shape.of(
                    TRAINER,
                    PARAMETERS,
                    SEED,
                    DATASET,
                    FEATURES,
                    EVALUATION,
                    GATES,
                    REGISTERS,
                    AFTER,
                    TIMEOUT,
                    JobKeys.JOB);

    private TrainingKeys() {}

    static List<Key.Value<Double>> parametersOf(Trainer trainer) {
        return switch (trainer) {
            case SVM -> SVM_PARAMETERS;
            case LOGISTIC -> LOGISTIC_PARAMETERS;
            case PROGRAM -> List.of();
        };
    }

    static Shape parameterShape(Trainer trainer) {
        return new Shape(List.copyOf(parametersOf(trainer)));
    }

    private static Key.Value<Double> parameter(
            String name, ValueType<Double> type, String otherwise, String meaning) {
        return new Key.Value<>(name, type, Presence.otherwise(otherwise), meaning);
    }

    private static Key.Value<String> column(String name, Presence presence, String meaning) {
        ValueType<String> type =
                ValueTypes.matching(
                                "the name of a column, at most 200 characters",
                                name,
                                text ->
                                        !text.isBlank()
                                                && text.length() <= 200
                                                && text.chars().noneMatch(Character::isISOControl))
                        .as(new Form.Text(200, ""));
        return new Key.Value<>(name, type, presence, meaning);
    }

    private static ValueType<Double> wholeAsNumber(int min, int max) {
        ValueType<Integer> whole = ValueTypes.whole(min, max);
        return new ValueType<>(
                        whole.expected(),
                        (double) min,
                        scalar -> whole.reader().apply(scalar).map(Integer::doubleValue))
                .as(whole.form());
    }

    private static ValueType<Integer> powerOfTwo(int min, int max) {
        ValueType<Integer> whole = ValueTypes.whole(min, max);
        return new ValueType<>(
                        "a power of two from %d to %d".formatted(min, max),
                        min,
                        scalar ->
                                whole.reader().apply(scalar).filter(n -> Integer.bitCount(n) == 1))
                .as(whole.form());
    }
}
