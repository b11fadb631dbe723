package dev.tidemill.manifests;

import java.util.List;
import java.util.Map;

/// Containers: what they are called and which image they run, which all of them begin with.
final class Container {
    private Container() {}

    /// Our own image.
    ///
    /// @param rest keys and values in turn
    static Map<String, Object> ours(Scope scope, Object... rest) {
        return of(
                scope.component(),
                scope.platform().image(),
                scope.environment().image().pullPolicy(),
                rest);
    }

    /// A command of our own image that is soon done.
    static Map<String, Object> command(
            Scope scope, String name, List<String> arguments, List<Map<String, Object>> mounts) {
        return of(
                name,
                scope.platform().image(),
                scope.environment().image().pullPolicy(),
                "args",
                arguments,
                "env",
                List.of(Pods.variable("TIDEMILL_JAVA_OPTS", "-XX:MaxRAMPercentage=50")),
                "resources",
                Tree.of(
                        "requests",
                        Tree.of("cpu", "100m", "memory", "256Mi"),
                        "limits",
                        Tree.of("memory", "256Mi")),
                "terminationMessagePolicy",
                "FallbackToLogsOnError",
                "securityContext",
                Pods.containerSecurity(),
                "volumeMounts",
                mounts);
    }

    /// A public image of one version, which is never another.
    static Map<String, Object> pinned(String name, String image, Object... rest) {
        return of(name, image, "IfNotPresent", rest);
    }

    static Map<String, Object> of(String name, String image, Object pullPolicy, Object... rest) {
        return Tree.with(
                Tree.of("name", name, "image", image, "imagePullPolicy", pullPolicy),
                Tree.of(rest));
    }
}
