package dev.tidemill.spec.cluster;

import dev.tidemill.spec.yaml.Form;
import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Located;
import dev.tidemill.spec.yaml.MappingCursor;
import dev.tidemill.spec.yaml.Presence;
import dev.tidemill.spec.yaml.Shape;
import dev.tidemill.spec.yaml.ValueTypes;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The keys of a training's `job`.
public final class JobKeys {
    private static final int LONGEST = 4000;
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,199}");

    private static final Key.Section DATA =
            PodKeys.volume("A volume with the data set: `dataset.path` is relative to it.");
    private static final Key.Value<Integer> RETRIES =
            new Key.Value<>(
                    "retries",
                    ValueTypes.whole(0, 20),
                    Presence.otherwise("2"),
                    "Of a run that ended badly.");
    private static final Key.Value<Duration> TTL =
            new Key.Value<>(
                    "ttl",
                    ValueTypes.duration("0s", "365d"),
                    Presence.optional("as long as its training"),
                    "How long a Job that has ended stays, with its pods and their logs. The"
                            + " training is not run again when it goes.");
    private static final Key.Section RESOURCES =
            ResourceKeys.withGpu(
                    "What the Job's pod may use; the program in it, where it is one's own.");
    private static final Key.Value<String> IMAGE =
            new Key.Value<>(
                    "image",
                    ClusterTypes.image(),
                    Presence.optional("required with `trainer: program`"),
                    "The image of a program of one's own, see docs/kubernetes.md.");
    private static final Key.Values<String> COMMAND =
            new Key.Values<>(
                    "command",
                    ValueTypes.word("a word", LONGEST),
                    100,
                    "In the place of the image's entry point; `$(NAME)` is a variable of its"
                            + " environment.");
    private static final Key.Values<String> ARGS =
            new Key.Values<>(
                    "args",
                    ValueTypes.word("a word", LONGEST),
                    100,
                    "For `command` or the image's entry point; `$(NAME)` as there.");
    private static final Key.Pairs<String> ENV =
            new Key.Pairs<>(
                    "env",
                    ValueTypes.matching(
                                    "the name of an environment variable such as EPOCHS",
                                    "X",
                                    text -> VARIABLE.matcher(text).matches())
                            .as(Form.matching(VARIABLE, 200)),
                    ValueTypes.word("a text or a number", LONGEST),
                    "The program's parameters, and other variables of its environment.");

    private static final Key.Value<String> RUNTIME =
            new Key.Value<>(
                    "runtime",
                    ClusterTypes.subdomain("torch-distributed"),
                    Presence.required(),
                    "Name of a ClusterTrainingRuntime or TrainingRuntime.");
    private static final Key.Value<String> RUNTIME_KIND =
            new Key.Value<>(
                    "kind",
                    PodKeys.word("ClusterTrainingRuntime", "TrainingRuntime"),
                    Presence.otherwise("ClusterTrainingRuntime"),
                    "Of the runtime; a TrainingRuntime is one of the namespace.");
    private static final Key.Value<Integer> NODES =
            new Key.Value<>(
                    "nodes",
                    ValueTypes.whole(1, 1000),
                    Presence.otherwise("1"),
                    "Pods that run the program together, each with `resources`.");
    private static final Key.Section OUTPUT =
            PodKeys.output(
                    "A volume that every node may write to: each run has a folder there, from"
                            + " which the model is registered.");
    private static final Key.Section TRAIN_JOB =
            new Key.Section(
                    "trainJob",
                    Shape.of(RUNTIME, RUNTIME_KIND, NODES, OUTPUT),
                    Presence.optional("the Job's own pod runs it"),
                    "Has Kubeflow's trainer run the program as a TrainJob, on several nodes.");

    /// Of a training.
    public static final Key.Section JOB =
            new Key.Section(
                    "job",
                    Shape.of(
                            DATA,
                            RETRIES,
                            TTL,
                            IMAGE,
                            COMMAND,
                            ARGS,
                            ENV,
                            RESOURCES,
                            PodKeys.POD,
                            TRAIN_JOB),
                    Presence.optional("`up` and `apply` run it"),
                    "On Kubernetes with the operator: it is run as a Job.");

    private JobKeys() {}

    /// @param isProgram whether its program is one's own; empty when nobody can tell
    public static Optional<TrainingJob> read(MappingCursor training, Optional<Boolean> isProgram) {
        if (!training.has(JOB)) {
            if (isProgram.orElse(false)) {
                training.problem(JOB, "a job with the image that trainer: program runs");
            }
            return Optional.empty();
        }
        MappingCursor job = training.child(JOB);
        return Optional.of(
                new TrainingJob(
                        PodKeys.volume(job.child(DATA)),
                        job.get(RETRIES),
                        job.find(TTL),
                        ResourceKeys.readWithGpu(job.child(RESOURCES)),
                        PodKeys.read(job),
                        program(job, isProgram)));
    }

    private static Optional<TrainingProgram> program(
            MappingCursor job, Optional<Boolean> isProgram) {
        String image = job.find(IMAGE).orElse("");
        if (isProgram.orElse(false) && !job.has(IMAGE) && job.isSound(IMAGE)) {
            job.problem(IMAGE, "the image that trainer: program runs");
        }
        List<String> command = words(job, COMMAND);
        List<String> args = words(job, ARGS);
        Map<String, String> env = new LinkedHashMap<>(job.pairs(ENV));
        if (env.keySet().stream().anyMatch(name -> name.startsWith(TrainingProgram.OURS))) {
            job.problem(ENV, "no " + TrainingProgram.OURS + "..., which are set anyway");
        }
        Optional<TrainJobSettings> trainJob = trainJob(job);
        if (!isProgram.orElse(true)) {
            for (Key key : List.of(IMAGE, COMMAND, ARGS, ENV, TRAIN_JOB)) {
                if (job.has(key) && job.isSound(key)) {
                    job.problem(key, "trainer: program, which it is for");
                }
            }
        }
        return isProgram
                .filter(program -> program)
                .map(_ -> new TrainingProgram(image, command, args, env, trainJob));
    }

    private static List<String> words(MappingCursor job, Key.Values<String> key) {
        return job.items(key).stream().map(Located::value).toList();
    }

    private static Optional<TrainJobSettings> trainJob(MappingCursor job) {
        if (!job.has(TRAIN_JOB)) {
            return Optional.empty();
        }
        MappingCursor given = job.child(TRAIN_JOB);
        return Optional.of(
                new TrainJobSettings(
                        given.get(RUNTIME),
                        given.get(RUNTIME_KIND),
                        given.get(NODES),
                        PodKeys.volume(given.child(OUTPUT))));
    }
}
