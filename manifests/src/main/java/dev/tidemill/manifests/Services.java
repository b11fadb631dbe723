package dev.tidemill.manifests;

import java.util.List;
import java.util.Map;

/// Services: one address that stands for the pods of a part, or a name that means each of them.
final class Services {
    private Services() {}

    /// An address of its own, behind which any pod that is ready may answer.
    static KubeObject address(Scope scope, List<Map<String, Object>> ports) {
        return scope.object(
                "v1",
                "Service",
                "spec",
                Tree.of("type", "ClusterIP", "selector", scope.selector(), "ports", ports));
    }

    /// No address: its name means every pod that is ready.
    static KubeObject pods(Scope scope, String name, List<Map<String, Object>> ports) {
        return scope.named(
                name,
                "v1",
                "Service",
                "spec",
                Tree.of("clusterIP", "None", "selector", scope.selector(), "ports", ports));
    }

    static Map<String, Object> port(String name, int port) {
        return port(name, port, name);
    }

    /// @param target number of a container's port, or its name
    static Map<String, Object> port(String name, int port, Object target) {
        return Tree.of("name", name, "port", port, "targetPort", target, "protocol", "TCP");
    }
}
