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
/// trained and registered the model. How it ended is the pod's last word.
public final class TrainingObjects {
    static final String COMPONENT = "training";

    /// Label with the training's name.
    public static final String TRAINING = "tidemill.dev/training";

    private static final String DOCUMENT = "training.yaml";
    private static final String FOLDER = GatewayObjects.FOLDER + "/training";
    private static final String TOKEN_FOLDER = GatewayObjects.FOLDER + "/token";
    private static final String AUTHORITY = "authority";
    private static final String AUTHORITY_FOLDER = GatewayObjects.FOLDER + "/authority";
    private static final String CA = "ca.crt";
    private static final String DATA = "/data";
    private static final int GRACE_SECONDS = 10;

    /// For pods to start and for control to be ready.
    private static final long SLACK_SECONDS = 300;

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
                scope.object("v1", "ConfigMap", "data", Tree.of(DOCUMENT, training.document())));
        objects.add(job(scope, training, job.get()));
        return objects;
    }

    private static KubeObject job(Scope scope, Training training, TrainingJob job) {
        Map<String, Object> template =
                Pods.template(
                        scope,
                        job.pod(),
                        Optional.of(
                                Digest.of(training.document().getBytes(StandardCharsets.UTF_8))
                                        .hex()),
                        GRACE_SECONDS,
                        container(scope, job),
                        volumes(scope, job));
        Map<String, Object> pod = new LinkedHashMap<>(Tree.map(template.get("spec")));
        pod.put("restartPolicy", "Never");
        template.put("spec", pod);
        return scope.object(
                "batch/v1",
                "Job",
                "spec",
                Tree.of(
                        "backoffLimit",
                        job.retries(),
                        "activeDeadlineSeconds",
                        training.timeout().toSeconds() * (job.retries() + 1) + SLACK_SECONDS,
                        "template",
                        template));
    }

    private static Map<String, Object> container(Scope scope, TrainingJob job) {
        return Container.ours(
                scope,
                "args",
                Tree.joined(
                        List.of(
                                "train",
                                FOLDER + "/" + DOCUMENT,
                                "--data=" + DATA,
                                "--control=%s://%s:%d"
                                        .formatted(
                                                MutualTlsObjects.scheme(scope.platform()),
                                                Names.CONTROL,
                                                ControlObjects.HTTP),
                                "--token-file=" + TOKEN_FOLDER + "/" + Names.ADMIN),
                        MutualTlsObjects.asked(scope.platform()).stream()
                                .map(_ -> "--ca-file=" + AUTHORITY_FOLDER + "/" + CA)
                                .toList()),
                "env",
                List.of(Pods.variable("TIDEMILL_JAVA_OPTS", "-XX:MaxRAMPercentage=50")),
                "resources",
                Quantities.of(job.resources(), "250m", "512Mi"),
                // Why it failed is the last that it said.
                "terminationMessagePolicy",
                "FallbackToLogsOnError",
                "securityContext",
                Pods.containerSecurity(),
                "volumeMounts",
                Tree.joined(
                        List.of(
                                Pods.mount("tmp", "/tmp"),
                                Pods.readOnlyMount("training", FOLDER),
                                Pods.readOnlyMount("token", TOKEN_FOLDER),
                                Tree.with(
                                        Pods.readOnlyMount("data", DATA),
                                        Tree.of("subPath", job.data().path()))),
                        MutualTlsObjects.asked(scope.platform()).stream()
                                .map(_ -> Pods.readOnlyMount(AUTHORITY, AUTHORITY_FOLDER))
                                .toList()));
    }

    private static List<Map<String, Object>> volumes(Scope scope, TrainingJob job) {
        return Tree.joined(
                List.of(
                        Pods.empty("tmp"),
                        Pods.configMap("training", scope.name()),
                        // Models are registered by admins; no program but ours is in this pod.
                        Pods.secret("token", Names.TOKENS, Names.ADMIN),
                        Pods.claim("data", job.data().claimName())),
                // It shows its token; a certificate of its own it needs none.
                MutualTlsObjects.asked(scope.platform()).stream()
                        .map(mtls ->
                                Pods.secret(AUTHORITY, mtls.secretOf(ControlObjects.COMPONENT), CA))
                        .toList());
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
