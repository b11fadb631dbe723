package dev.tidemill.manifests;

import dev.tidemill.spec.ModelResources;
import dev.tidemill.spec.Training;
import dev.tidemill.spec.cluster.TrainJobSettings;
import dev.tidemill.spec.cluster.TrainingJob;
import dev.tidemill.spec.cluster.TrainingProgram;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The containers of a training's pods: ours, which asks control, and somebody's own program.
final class TrainingPods {
    static final String DOCUMENT = "training.yaml";
    static final String DATA = "/data";
    static final String OUTPUT = "/output";

    private static final String FOLDER = GatewayObjects.FOLDER + "/training";
    private static final String TOKEN_FOLDER = GatewayObjects.FOLDER + "/token";
    private static final String AUTHORITY = "authority";
    private static final String AUTHORITY_FOLDER = GatewayObjects.FOLDER + "/authority";
    private static final String CA = "ca.crt";

    private TrainingPods() {}

    static Map<String, Object> container(Scope scope, TrainingJob job) {
        boolean program = job.program().isPresent();
        return Container.ours(
                scope,
                "args",
                arguments(scope, program),
                "env",
                List.of(Pods.variable("TIDEMILL_JAVA_OPTS", "-XX:MaxRAMPercentage=50")),
                "resources",
                Quantities.of(
                        program
                                ? new ModelResources(
                                        Optional.empty(), Optional.empty(), Optional.empty())
                                : job.resources(),
                        "250m",
                        "512Mi"),
                // Why it failed is the last that it said.
                "terminationMessagePolicy",
                "FallbackToLogsOnError",
                "securityContext",
                Pods.containerSecurity(),
                "volumeMounts",
                mounts(scope, job));
    }

    private static List<String> arguments(Scope scope, boolean program) {
        List<String> arguments = new ArrayList<>();
        arguments.add("train");
        arguments.add(FOLDER + "/" + DOCUMENT);
        arguments.add("--data=" + DATA);
        if (program) {
            arguments.add("--output=" + OUTPUT);
        }
        arguments.add(
                "--control=%s://%s:%d"
                        .formatted(
                                MutualTlsObjects.scheme(scope.platform()),
                                Names.CONTROL,
                                ControlObjects.HTTP));
        arguments.add("--token-file=" + TOKEN_FOLDER + "/" + Names.ADMIN);
        MutualTlsObjects.asked(scope.platform())
                .ifPresent(_ -> arguments.add("--ca-file=" + AUTHORITY_FOLDER + "/" + CA));
        return arguments;
    }

    private static List<Map<String, Object>> mounts(Scope scope, TrainingJob job) {
        List<Map<String, Object>> mounts = new ArrayList<>();
        mounts.add(Pods.mount("tmp", "/tmp"));
        mounts.add(Pods.readOnlyMount("training", FOLDER));
        mounts.add(Pods.readOnlyMount("token", TOKEN_FOLDER));
        mounts.add(data(job));
        if (job.program().isPresent()) {
            mounts.add(
                    Tree.with(
                            Pods.readOnlyMount("output", OUTPUT),
                            Tree.of("subPath", trainJob(job).map(one -> folder(scope, one)))));
        }
        MutualTlsObjects.asked(scope.platform())
                .ifPresent(_ -> mounts.add(Pods.readOnlyMount(AUTHORITY, AUTHORITY_FOLDER)));
        return mounts;
    }

    static List<Map<String, Object>> volumes(Scope scope, TrainingJob job) {
        List<Map<String, Object>> volumes = new ArrayList<>();
        volumes.add(Pods.empty("tmp"));
        volumes.add(Pods.configMap("training", scope.name()));
        // Models are registered by admins; no container but ours has it.
        volumes.add(Pods.secret("token", Names.TOKENS, Names.ADMIN));
        volumes.add(Pods.claim("data", job.data().claimName()));
        if (job.program().isPresent()) {
            volumes.add(
                    trainJob(job)
                            .map(one -> Pods.claim("output", one.output().claimName()))
                            .orElseGet(() -> Pods.empty("output")));
            if (trainJob(job).isEmpty()) {
                // Its own: what it leaves there must not be where our JVM looks.
                volumes.add(Pods.empty("program-tmp"));
            }
        }
        // It shows its token; a certificate of its own it needs none.
        MutualTlsObjects.asked(scope.platform())
                .ifPresent(mtls ->
                        volumes.add(
                                Pods.secret(
                                        AUTHORITY, mtls.secretOf(ControlObjects.COMPONENT), CA)));
        return volumes;
    }

    /// Runs before ours and ends.
    static Map<String, Object> program(Scope scope, Training training, TrainingJob job) {
        TrainingProgram program = job.program().orElseThrow();
        return Container.of(
                "program",
                program.image(),
                scope.environment().image().pullPolicy(),
                "command",
                Tree.some(program.command()),
                "args",
                Tree.some(program.args()),
                "env",
                variables(training, program),
                "resources",
                resources(job),
                "terminationMessagePolicy",
                "FallbackToLogsOnError",
                "securityContext",
                Pods.containerSecurity(),
                "volumeMounts",
                List.of(
                        Pods.mount("program-tmp", "/tmp"),
                        data(job),
                        Pods.mount("output", OUTPUT)));
    }

    static Map<String, Object> resources(TrainingJob job) {
        return Quantities.of(job.resources(), "1", "2Gi");
    }

    /// Ours first: a variable of the file may say `$(NAME)` of those before it.
    static List<Map<String, Object>> variables(Training training, TrainingProgram program) {
        List<Map<String, Object>> variables = new ArrayList<>();
        variables.add(
                Pods.variable(TrainingProgram.DATASET, DATA + "/" + training.dataset().path()));
        if (!training.dataset().label().isEmpty()) {
            variables.add(Pods.variable(TrainingProgram.LABEL, training.dataset().label()));
        }
        variables.add(Pods.variable(TrainingProgram.OUTPUT, OUTPUT));
        variables.add(Pods.variable(TrainingProgram.SEED, String.valueOf(training.seed())));
        new TreeMap<>(program.env())
                .forEach((name, value) -> variables.add(Pods.variable(name, value)));
        return variables;
    }

    static Map<String, Object> data(TrainingJob job) {
        return Tree.with(Pods.readOnlyMount("data", DATA), Tree.of("subPath", job.data().path()));
    }

    /// Where on its volume a TrainJob's run leaves what it made.
    static String folder(Scope scope, TrainJobSettings trainJob) {
        return trainJob.output().path().map(path -> path + "/").orElse("") + scope.name();
    }

    private static Optional<TrainJobSettings> trainJob(TrainingJob job) {
        return job.program().flatMap(TrainingProgram::trainJob);
    }
}
