package dev.tidemill.operator.canary;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How far the rollout of one route is, as it stands in the status of its Gateway.
///
/// @param version what makes it the same rollout: the route's name, its `canary` and its last
///   upstream
/// @param step from 1
/// @param percent of the requests that the new version gets
/// @param at when it came to where it is
public record CanaryEntry(
        String route,
        String version,
        Phase phase,
        int step,
        int steps,
        int percent,
        String reason,
        String at) {
    /// Where a rollout can be.
    public enum Phase {
        WAITING("Waiting"),
        STEPPING("Stepping"),
        PROMOTED("Promoted"),
        ROLLED_BACK("RolledBack");

        private final String word;

        Phase(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }

        static Phase of(String word) {
            for (Phase phase : values()) {
                if (phase.word.equals(word)) {
                    return phase;
                }
            }
            return WAITING;
        }
    }

    /// Whether nothing that a gateway says can change it any more.
    public boolean isDecided() {
        return phase == Phase.PROMOTED || phase == Phase.ROLLED_BACK;
    }

    public boolean isRolledBack() {
        return phase == Phase.ROLLED_BACK;
    }

    /// As it is written into a status.
    public Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("route", route);
        tree.put("version", version);
        tree.put("phase", phase.word());
        tree.put("step", step);
        tree.put("steps", steps);
        tree.put("percent", percent);
        tree.put("reason", reason);
        tree.put("at", at);
        return tree;
    }

    /// Those of a status; whatever else is there is passed over.
    public static List<CanaryEntry> of(Map<String, Object> status) {
        List<CanaryEntry> entries = new ArrayList<>();
        if (status.get("canaries") instanceof List<?> list) {
            for (Object one : list) {
                if (one instanceof Map<?, ?> tree) {
                    entries.add(entry(tree));
                }
            }
        }
        return entries;
    }

    private static CanaryEntry entry(Map<?, ?> tree) {
        return new CanaryEntry(
                text(tree, "route"),
                text(tree, "version"),
                Phase.of(text(tree, "phase")),
                number(tree, "step"),
                number(tree, "steps"),
                number(tree, "percent"),
                text(tree, "reason"),
                text(tree, "at"));
    }

    private static String text(Map<?, ?> tree, String key) {
        Object value = tree.get(key);
        return value == null ? "" : String.valueOf(value);
    }

    private static int number(Map<?, ?> tree, String key) {
        return tree.get(key) instanceof Number number ? number.intValue() : 0;
    }
}
