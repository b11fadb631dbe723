package dev.tidemill.cli.cluster;

import dev.tidemill.cluster.Fields;
import dev.tidemill.cluster.Kinds;
import dev.tidemill.cluster.ObjectRef;
import java.util.List;
import java.util.Map;

/// Kills processes on the node, as its kernel does when memory is short: from outside of their
/// pods, where nobody can catch it. A pod that sees the node's processes does it, so it works on
/// any cluster whose `kube-system` takes such pods.
record NodeShell(RealCluster real, String image) {
    private static final String NAMESPACE = "kube-system";

    /// Of bash's own words only: an image need not have more.
    private static final String SCRIPT =
            """
            for process in /proc/[0-9]*; do
                read -r name <$process/comm || continue
                [ "$name" = java ] || continue
                groups=$(<$process/cgroup) || continue
                case $groups in *%s* | *%s*) kill -9 ${process#/proc/} && echo "killed ${process#/proc/}" ;; esac
            done 2>/dev/null
            """;

    /// `kill -9` of the Java process in a pod; returns when its container has begun again.
    void killJava(Fields pod) {
        String uid = pod.text("metadata", "uid");
        ObjectRef shell = Kinds.ref("v1", "Pod", NAMESPACE, "kill-" + uid);
        long restarts = restarts(pod);
        var _ = real.client().create(shell, tree(shell, uid, pod.text("spec", "nodeName")));
        try {
            var _ =
                    Waits.until(
                            "%s restarts after kill -9".formatted(pod.name()),
                            () ->
                                    real.client()
                                            .get(real.ref("v1", "Pod", pod.name()))
                                            .filter(now -> restarts(now) > restarts)
                                            .isPresent());
        } catch (RuntimeException | Error e) {
            Waits.say("%s", real.client().log(NAMESPACE, shell.name(), "kill", 20, false));
            throw e;
        } finally {
            real.client().kill(shell);
        }
    }

    private static long restarts(Fields pod) {
        return pod.children("status", "containerStatuses").stream()
                .mapToLong(one -> one.number("restartCount"))
                .sum();
    }

    private Map<String, Object> tree(ObjectRef shell, String uid, String node) {
        return Map.of(
                "apiVersion",
                "v1",
                "kind",
                "Pod",
                "metadata",
                Map.of("name", shell.name(), "namespace", NAMESPACE),
                "spec",
                Map.of(
                        "hostPID",
                        true,
                        "nodeName",
                        node,
                        "restartPolicy",
                        "Never",
                        "terminationGracePeriodSeconds",
                        0,
                        "containers",
                        List.of(
                                Map.of(
                                        "name",
                                        "kill",
                                        "image",
                                        image,
                                        "imagePullPolicy",
                                        "IfNotPresent",
                                        "securityContext",
                                        Map.of("runAsUser", 0, "privileged", true),
                                        "command",
                                        List.of(
                                                "bash",
                                                "-c",
                                                SCRIPT.formatted(uid, uid.replace('-', '_')))))));
    }
}
