package dev.tidemill.manifests.crd;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What `kubectl get` shows.
final class Columns {
    private Columns() {}

    static List<Map<String, Object>> of(String kind) {
        List<Map<String, Object>> columns = new ArrayList<>();
        switch (kind) {
            case "Model" -> {
                columns.add(column("Source", "string", ".spec.source"));
                columns.add(column("Ready replicas", "integer", ".status.readyReplicas"));
                columns.add(column("Replicas", "integer", ".status.replicas"));
            }
            case "App" -> {
                columns.add(column("Image", "string", ".spec.image"));
                columns.add(column("Ready replicas", "integer", ".status.readyReplicas"));
                columns.add(column("Replicas", "integer", ".status.replicas"));
            }
            case "Training" -> {
                columns.add(column("Trainer", "string", ".spec.trainer"));
                columns.add(column("Registers", "string", ".spec.registers.model"));
            }
            case "Gateway" -> {
                columns.add(column("Ready replicas", "integer", ".status.readyReplicas"));
                columns.add(column("Replicas", "integer", ".status.replicas"));
            }
            case "Environment" -> columns.add(column("Scaling", "string", ".spec.scaling"));
            default -> throw new IllegalArgumentException("kind: '%s'".formatted(kind));
        }
        columns.add(condition("Ready", "status", 0));
        columns.add(condition("Reason", "reason", 0));
        columns.add(condition("Message", "message", 1));
        columns.add(column("Age", "date", ".metadata.creationTimestamp"));
        return columns;
    }

    private static Map<String, Object> condition(String name, String field, int priority) {
        Map<String, Object> column =
                column(name, "string", ".status.conditions[?(@.type==\"Ready\")]." + field);
        if (priority > 0) {
            column.put("priority", priority);
        }
        return column;
    }

    private static Map<String, Object> column(String name, String type, String path) {
        return Crds.tree("name", name, "type", type, "jsonPath", path);
    }
}
