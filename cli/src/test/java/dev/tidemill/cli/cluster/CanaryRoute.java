package dev.tidemill.cli.cluster;

import dev.tidemill.cluster.Fields;
import dev.tidemill.cluster.rollout.Progress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A route from the model `digits` to a new version of it, in the Gateway `gateway` of two pods.
///
/// @param operator that makes pods of it
record CanaryRoute(RealCluster real, RealOperator operator) {
    static final String NAME = "next";
    static final String URL = "http://gateway:8080/v2/models/digits-any/infer";

    /// Waits until gateways have it, so that what comes next is about it.
    ///
    /// @param newVersion an upstream
    /// @param strategy steps, or that there are none
    void begin(
            Map<String, Object> newVersion,
            Map<String, Object> strategy,
            Map<String, Object> gates) {
        Map<String, Object> canary = new LinkedHashMap<>(strategy);
        canary.put("every", "3s");
        canary.put("gates", gates);
        put(
                List.of(
                        Map.of(
                                "name",
                                NAME,
                                "models",
                                List.of("digits-any"),
                                "upstreams",
                                List.of(Map.of("model", "digits"), newVersion),
                                "canary",
                                canary)));
        Waits.until(
                "gateways roll the new version out",
                () -> entry().text("phase").equals("Stepping") && isSettled());
    }

    /// A Gateway without the route.
    void end() {
        put(List.of());
    }

    /// How far it is, as the Gateway's status says.
    Fields entry() {
        List<Fields> all = operator.status("Gateway", "gateway").children("canaries");
        return all.isEmpty() ? Fields.NONE : all.getFirst();
    }

    boolean isSettled() {
        return Progress.of(
                        real.client()
                                .get(real.ref("apps/v1", "Deployment", "gateway"))
                                .orElseThrow())
                .done();
    }

    private void put(List<Map<String, Object>> routes) {
        operator.put(
                "Gateway",
                "gateway",
                routes.isEmpty() ? Map.of("replicas", 2) : Map.of("replicas", 2, "routes", routes));
    }
}
