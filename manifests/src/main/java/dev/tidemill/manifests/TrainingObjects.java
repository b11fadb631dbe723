package dev.tidemill.manifests;

import dev.tidemill.common.Digest;
import dev.tidemill.spec.Training;
import dev.tidemill.spec.cluster.TrainingJob;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A training as a Job: its pod has the data set, sends it to control and waits until control has
/// trained and registered the model. A program of one's own runs before that in the same pod, or as
/// a TrainJob, and what it made is sent. How it ended is the pod's last word.
public final class TrainingObjects {
    static final String COMPONENT = "training";

    /// Label with the training's name.
    public static final String TRAINING = "tidemill.dev/training";

    /// How `tidemill train` exits when a gate does not hold: another run with the same seed would
    /// not be better.
    public static final int NOT_GOOD_ENOUGH = 4;

    private static final String TTL = "tidemill.dev/ttl-seconds-after-finished";

    private static final int GRACE_SECONDS = 10;

    /// For pods to start and for control to be ready.
    static final long SLACK_SECONDS = 300;

    private TrainingObjects() {}

    /// Nothing of a training without a `job`.
    public static List<KubeObject> of(Platform platform, Training training) {
        Optional<TrainingJob> job = training.job();
        if (job.isEmpty()) {
            return List.of();
        }
        Scope scope =
                new Scope(
                        platform,
                        Names.training(training.name(), training.document()),
                        COMPONENT,
                        Map.of(TRAINING, training.name()));
        List<KubeObject> objects = new ArrayList<>();
        if (platform.environment().network().enabled()) {
            objects.addAll(policies(scope));
        }
        objects.add(scope.serviceAccount());
        objects.add(
                scope.object(
                        "v1",
                        "ConfigMap",
                        "data",
                        Tree.of(TrainingPods.DOCUMENT, training.document())));
        objects.addAll(TrainJobObjects.of(scope, training, job.get()));
        objects.add(job(scope, training, job.get()));
        return objects;
    }

    private static KubeObject job(Scope scope, Training training, TrainingJob job) {
        boolean here = job.program().filter(one -> one.trainJob().isEmpty()).isPresent();
        Map<String, Object> template =
                Pods.before(
                        Pods.template(
                                scope,
                                job.pod(),
                                Optional.of(
                                        Digest.of(
                                                        training.document()
                                                                .getBytes(StandardCharsets.UTF_8))
                                                .hex()),
                                GRACE_SECONDS,
                                TrainingPods.container(scope, job),
                                TrainingPods.volumes(scope, job)),
                        here ? List.of(TrainingPods.program(scope, training, job)) : List.of());
        Map<String, Object> pod = new LinkedHashMap<>(Tree.map(template.get("spec")));
        pod.put("restartPolicy", "Never");
        if (here) {
            // Where control trains, it keeps the time of a run itself.
            pod.put("activeDeadlineSeconds", training.timeout().toSeconds() + SLACK_SECONDS);
        }
        template.put("spec", pod);
        KubeObject made =
                scope.object(
                        "batch/v1",
                        "Job",
                        "spec",
                        Tree.of(
                                "backoffLimit",
                                job.retries(),
                                "podFailurePolicy",
                                notAgain(),
                                "activeDeadlineSeconds",
                                runSeconds(training, job) * (job.retries() + 1) + SLACK_SECONDS,
                                "template",
                                template));
        return job.ttl().map(ttl -> annotated(made, TTL, ttl.toSeconds())).orElse(made);
    }

    private static Map<String, Object> notAgain() {
        return Tree.of(
                "rules",
                List.of(
                        Tree.of(
                                "action",
                                "FailJob",
                                "onExitCodes",
                                Tree.of(
                                        "containerName",
                                        COMPONENT,
                                        "operator",
                                        "In",
                                        "values",
                                        List.of(NOT_GOOD_ENOUGH)))));
    }

    /// Where a program has run before, what is left to do takes no time worth speaking of.
    private static long runSeconds(Training training, TrainingJob job) {
        long seconds = training.timeout().toSeconds();
        return job.program()
                .map(program -> (program.trainJob().isPresent() ? 0 : seconds) + SLACK_SECONDS)
                .orElse(seconds);
    }

    /// How long a Job that was made here stays when it has ended. It is no field of its own:
    /// whoever makes it has to know first that it has.
    public static Optional<Long> secondsToLive(KubeObject job) {
        return Optional.ofNullable(
                        Tree.map(Tree.map(job.fields().get("metadata")).get("annotations"))
                                .get(TTL))
                .map(text -> Long.valueOf(String.valueOf(text)));
    }

    private static KubeObject annotated(KubeObject object, String key, long value) {
        Map<String, Object> metadata = Tree.map(object.fields().get("metadata"));
        metadata.put(
                "annotations",
                Tree.with(
                        Tree.map(metadata.get("annotations")),
                        Tree.of(key, String.valueOf(value))));
        return new KubeObject(Tree.with(object.fields(), Tree.of("metadata", metadata)));
    }

    /// The pod may ask control, and control may be asked by it.
    private static List<KubeObject> policies(Scope scope) {
        Map<String, Object> control = Scope.selectorOf(ControlObjects.COMPONENT);
        Map<String, Object> own = Tree.of("matchLabels", scope.selector());
        return List.of(
                scope.object(
                        "networking.k8s.io/v1",
                        "NetworkPolicy",
                        "spec",
                        Tree.of(
                                "podSelector",
                                own,
                                "policyTypes",
                                List.of("Ingress", "Egress"),
                                "egress",
                                List.of(
                                        NetworkObjects.dns(),
                                        NetworkObjects.rule(
                                                "to",
                                                List.of(Tree.of("podSelector", control)),
                                                ControlObjects.HTTP)))),
                scope.named(
                        Names.fit(scope.name(), "-in"),
                        "networking.k8s.io/v1",
                        "NetworkPolicy",
                        "spec",
                        Tree.of(
                                "podSelector",
                                control,
                                "policyTypes",
                                List.of("Ingress"),
                                "ingress",
                                List.of(
                                        NetworkObjects.rule(
                                                "from",
                                                List.of(Tree.of("podSelector", own)),
                                                ControlObjects.HTTP)))));
    }
}
