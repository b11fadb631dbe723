package dev.tidemill.operator.canary;

import dev.tidemill.common.Digest;
import dev.tidemill.manifests.yaml.YamlWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A rollout that a Gateway's spec asks for. Specs are read as they were written: what is wrong in
/// one is somebody else's to say.
///
/// @param version see [CanaryEntry]
/// @param steps that it has
public record DeclaredCanary(String route, String version, int steps) {
    private static final String ROUTES = "routes";
    private static final String UPSTREAMS = "upstreams";
    private static final String CANARY = "canary";
    private static final int HEX = 16;

    /// Those of a Gateway's spec.
    public static List<DeclaredCanary> of(Map<String, Object> spec) {
        List<DeclaredCanary> all = new ArrayList<>();
        if (spec.get(ROUTES) instanceof List<?> routes) {
            for (int i = 0; i < routes.size(); i++) {
                of(routes.get(i), i).ifPresent(all::add);
            }
        }
        return all;
    }

    /// Whether that is about this very rollout.
    boolean isOf(CanaryEntry entry) {
        return entry.route().equals(route) && entry.version().equals(version);
    }

    private static Optional<DeclaredCanary> of(Object route, int place) {
        if (!(route instanceof Map<?, ?> tree)
                || !(tree.get(CANARY) instanceof Map<?, ?> canary)
                || !(tree.get(UPSTREAMS) instanceof List<?> upstreams)
                || upstreams.size() < 2) {
            return Optional.empty();
        }
        Object given = tree.get("name");
        // As the parser names them.
        String name = given == null ? "route-" + (place + 1) : String.valueOf(given);
        return Optional.of(
                new DeclaredCanary(name, digest(name, canary, upstreams.getLast()), steps(canary)));
    }

    private static int steps(Map<?, ?> canary) {
        if ("blueGreen".equals(canary.get("strategy"))) {
            return 2;
        }
        return canary.get("steps") instanceof List<?> steps ? steps.size() : 0;
    }

    private static String digest(String name, Map<?, ?> canary, Object newVersion) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("route", name);
        Map<Object, Object> judged = new LinkedHashMap<>(canary);
        // Who else divides requests is no matter of the rollout's.
        judged.remove("split");
        tree.put(CANARY, judged);
        tree.put("upstream", newVersion);
        return Digest.of(YamlWriter.write(tree).getBytes(StandardCharsets.UTF_8))
                .hex()
                .substring(0, HEX);
    }
}
