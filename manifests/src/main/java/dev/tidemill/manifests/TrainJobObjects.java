package dev.tidemill.manifests;

import dev.tidemill.spec.Training;
import dev.tidemill.spec.cluster.TrainJobSettings;
import dev.tidemill.spec.cluster.TrainingJob;
import dev.tidemill.spec.cluster.TrainingProgram;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A training's program as a TrainJob of Kubeflow's trainer, 2.2 or later: before that there are no
/// `runtimePatches`, by which it gets its volumes.
public final class TrainJobObjects {
    /// Of a TrainJob.
    public static final String KIND = "TrainJob";

    private static final String GROUP = "trainer.kubeflow.org";

    /// Of a TrainJob.
    public static final String API_VERSION = GROUP + "/v1alpha1";

    /// Of its pods, which are not those that ask control.
    private static final String COMPONENT = "trainer";

    /// What runtimes call the replicated job that runs the program, and its container.
    private static final String NODE = "node";

    private TrainJobObjects() {}

    /// Nothing where the Job's own pod runs the program, or there is none.
    static List<KubeObject> of(Scope job, Training training, TrainingJob settings) {
        Optional<TrainJobSettings> asked = settings.program().flatMap(TrainingProgram::trainJob);
        if (asked.isEmpty()) {
            return List.of();
        }
        Scope scope = new Scope(job.platform(), job.name(), COMPONENT, job.more());
        List<KubeObject> objects = new ArrayList<>();
        if (scope.environment().network().enabled()) {
            objects.add(policy(scope));
        }
        objects.add(
                scope.named(
                        Names.trainJob(training.name(), training.document()),
                        API_VERSION,
                        KIND,
                        "spec",
                        spec(scope, training, settings, asked.get())));
        return objects;
    }

    private static Map<String, Object> spec(
            Scope scope, Training training, TrainingJob job, TrainJobSettings trainJob) {
        TrainingProgram program = job.program().orElseThrow();
        return Tree.of(
                "runtimeRef",
                Tree.of("apiGroup", GROUP, "kind", trainJob.kind(), "name", trainJob.runtime()),
                "activeDeadlineSeconds",
                training.timeout().toSeconds() + TrainingObjects.SLACK_SECONDS,
                "trainer",
                Tree.of(
                        "image",
                        program.image(),
                        "command",
                        Tree.some(program.command()),
                        "args",
                        Tree.some(program.args()),
                        "env",
                        TrainingPods.variables(training, program),
                        "numNodes",
                        trainJob.nodes(),
                        "resourcesPerNode",
                        TrainingPods.resources(job)),
                "runtimePatches",
                List.of(
                        Tree.of(
                                "manager",
                                "tidemill.dev/operator",
                                "trainingRuntimeSpec",
                                Tree.of(
                                        "template",
                                        Tree.of("spec", nodes(scope, job, trainJob))))));
    }

    private static Map<String, Object> nodes(
            Scope scope, TrainingJob job, TrainJobSettings trainJob) {
        return Tree.of(
                "replicatedJobs",
                List.of(
                        Tree.of(
                                "name",
                                NODE,
                                "template",
                                Tree.of(
                                        "spec",
                                        Tree.of(
                                                "template",
                                                Tree.of(
                                                        "metadata",
                                                        Tree.of(
                                                                "labels",
                                                                scope.podLabels(job.pod()),
                                                                "annotations",
                                                                Tree.some(job.pod().annotations())),
                                                        "spec",
                                                        pod(scope, job, trainJob)))))));
    }

    /// What of a pod may be patched: no more.
    private static Map<String, Object> pod(
            Scope scope, TrainingJob job, TrainJobSettings trainJob) {
        return Tree.of(
                "serviceAccountName",
                scope.name(),
                "imagePullSecrets",
                Tree.some(scope.pullSecrets()),
                "securityContext",
                Pods.podSecurity(),
                "nodeSelector",
                Tree.some(job.pod().nodeSelector()),
                "tolerations",
                Tree.some(job.pod().tolerations().stream().map(Pods::toleration).toList()),
                "volumes",
                List.of(
                        Pods.empty("program-tmp"),
                        Pods.claim("data", job.data().claimName()),
                        Tree.of(
                                "name",
                                "output",
                                "persistentVolumeClaim",
                                Tree.of("claimName", trainJob.output().claimName()))),
                "containers",
                List.of(
                        Tree.of(
                                "name",
                                NODE,
                                "securityContext",
                                Pods.containerSecurity(),
                                "volumeMounts",
                                List.of(
                                        Pods.mount("program-tmp", "/tmp"),
                                        TrainingPods.data(job),
                                        Tree.with(
                                                Pods.mount("output", TrainingPods.OUTPUT),
                                                Tree.of(
                                                        "subPath",
                                                        TrainingPods.folder(scope, trainJob)))))));
    }

    /// The nodes of one run talk to each other, and to nobody else.
    private static KubeObject policy(Scope scope) {
        Map<String, Object> own = Tree.of("matchLabels", scope.selector());
        List<Map<String, Object>> peers = List.of(Tree.of("podSelector", own));
        return scope.named(
                Names.fit(scope.name(), "-nodes"),
                "networking.k8s.io/v1",
                "NetworkPolicy",
                "spec",
                Tree.of(
                        "podSelector",
                        own,
                        "policyTypes",
                        List.of("Ingress", "Egress"),
                        "ingress",
                        List.of(Tree.of("from", peers)),
                        "egress",
                        List.of(NetworkObjects.dns(), Tree.of("to", peers))));
    }
}
