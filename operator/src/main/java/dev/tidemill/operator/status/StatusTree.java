package dev.tidemill.operator.status;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// A resource's `status` as it is written. A condition's time is that of its last change of status.
public final class StatusTree {
    private StatusTree() {}

    /// @param scaling whose the number of replicas is and why it was changed; empty for what has
    ///   none
    /// @param canaries rollouts of new versions
    /// @param last as it was written, or read, before
    public static Map<String, Object> of(
            long generation,
            List<Condition> conditions,
            Optional<Workload> workload,
            Optional<String> url,
            Map<String, Object> scaling,
            List<Map<String, Object>> canaries,
            Map<String, Object> last,
            Instant now) {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("observedGeneration", Math.toIntExact(generation));
        workload.ifPresent(one -> {
            status.put("replicas", one.replicas());
            status.put("readyReplicas", one.ready());
        });
        url.ifPresent(text -> status.put("url", text));
        if (!scaling.isEmpty()) {
            status.put("scaling", scaling);
        }
        // What is merely left out of a patch stays.
        if (!canaries.isEmpty() || last.containsKey("canaries")) {
            status.put("canaries", canaries);
        }
        List<Map<String, Object>> list = new ArrayList<>();
        for (Condition condition : conditions) {
            list.add(tree(generation, condition, condition(last, condition.type()), now));
        }
        status.put("conditions", list);
        return status;
    }

    private static Map<String, Object> tree(
            long generation, Condition condition, Map<?, ?> last, Instant now) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("type", condition.type());
        tree.put("status", condition.status());
        tree.put("observedGeneration", Math.toIntExact(generation));
        tree.put(
                "lastTransitionTime",
                condition.status().equals(last.get("status"))
                                && last.get("lastTransitionTime") != null
                        ? String.valueOf(last.get("lastTransitionTime"))
                        : now.truncatedTo(ChronoUnit.SECONDS).toString());
        tree.put("reason", condition.reason());
        tree.put("message", condition.message());
        return tree;
    }

    /// What people should hear of: that something went wrong, or is right again.
    public static Optional<News> news(Map<String, Object> last, Map<String, Object> status) {
        Map<?, ?> before = condition(last, Condition.DEGRADED);
        Map<?, ?> now = condition(status, Condition.DEGRADED);
        boolean wrong = "True".equals(now.get("status"));
        if (wrong && !Objects.equals(now.get("reason"), before.get("reason"))) {
            return Optional.of(
                    new News(
                            "Warning",
                            String.valueOf(now.get("reason")),
                            String.valueOf(now.get("message"))));
        }
        return !wrong && "True".equals(before.get("status"))
                ? Optional.of(new News("Normal", "Recovered", "no more: " + before.get("message")))
                : Optional.empty();
    }

    /// @param type an event's
    public record News(String type, String reason, String message) {}

    private static Map<?, ?> condition(Map<String, Object> status, String type) {
        return status.get("conditions") instanceof List<?> list
                ? list.stream()
                        .filter(Map.class::isInstance)
                        .map(one -> (Map<?, ?>) one)
                        .filter(one -> type.equals(one.get("type")))
                        .findFirst()
                        .orElse(Map.of())
                : Map.of();
    }
}
