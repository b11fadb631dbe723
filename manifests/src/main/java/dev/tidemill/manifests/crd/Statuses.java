package dev.tidemill.manifests.crd;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the operator says of a resource. Conditions are those of Kubernetes' API conventions.
final class Statuses {
    private Statuses() {}

    static Map<String, Object> of(String kind) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put(
                "observedGeneration",
                whole("The generation of the spec that this is about.", "int64"));
        properties.put("conditions", conditions());
        switch (kind) {
            case "Model" -> {
                replicas(properties);
                properties.put("scaling", scaling());
                properties.put("url", text("Where clients in the cluster find it.", 2048));
            }
            case "App" -> {
                replicas(properties);
                properties.put("scaling", scaling());
                properties.put("url", text("Where clients in the cluster find it.", 2048));
            }
            case "Gateway" -> {
                replicas(properties);
                properties.put("url", text("Where clients in the cluster find it.", 2048));
                properties.put("canaries", canaries());
            }
            case "Training" -> {
                properties.put("job", text("The Job that runs it.", 253));
                properties.put("finished", finished());
            }
            case "Environment" -> properties.put("url", text("Where control answers.", 2048));
            default -> throw new IllegalArgumentException("kind: '%s'".formatted(kind));
        }
        return Crds.tree(
                "description",
                "What there is, by the operator.",
                "type",
                "object",
                "properties",
                properties);
    }

    private static void replicas(Map<String, Object> properties) {
        properties.put("replicas", whole("That it has been ordered to have.", "int32"));
        properties.put("readyReplicas", whole("That serve.", "int32"));
    }

    private static Map<String, Object> scaling() {
        return Crds.tree(
                "description",
                "The newest change of the number of replicas.",
                "type",
                "object",
                "properties",
                Crds.tree(
                        "owner",
                        text("Who sets the number: tidemill, hpa, keda or none.", 100),
                        "reason",
                        text("Why it is what it is, in a sentence.", 4096),
                        "at",
                        Crds.tree("type", "string", "format", "date-time")));
    }

    private static Map<String, Object> finished() {
        return Crds.tree(
                "description",
                "How the last run ended: it is not run again, also when its Job has gone.",
                "type",
                "object",
                "properties",
                Crds.tree(
                        "training",
                        text("The uid of the training: one that is made again runs again.", 64),
                        "job",
                        text("Its Job, whose name has a digest of the spec.", 253),
                        "outcome",
                        text("Succeeded or Failed.", 32),
                        "message",
                        text("Why, with the last words of its pod.", 4096)));
    }

    private static Map<String, Object> canaries() {
        return Crds.tree(
                "description",
                "How far new versions are that take over step by step.",
                "type",
                "array",
                "x-kubernetes-list-type",
                "map",
                "x-kubernetes-list-map-keys",
                List.of("route"),
                "items",
                Crds.tree(
                        "type",
                        "object",
                        "required",
                        List.of("route"),
                        "properties",
                        Crds.tree(
                                "route",
                                text("By its name.", 253),
                                "version",
                                text("What makes it the same rollout.", 64),
                                "phase",
                                text("Waiting, Stepping, Promoted or RolledBack.", 32),
                                "step",
                                whole("From 1.", "int32"),
                                "steps",
                                whole("That there are.", "int32"),
                                "percent",
                                whole("Of the requests that the new version gets.", "int32"),
                                "reason",
                                text("Why, in a sentence, and by which gateway.", 4096),
                                "at",
                                Crds.tree("type", "string", "format", "date-time"))));
    }

    private static Map<String, Object> conditions() {
        Map<String, Object> properties =
                Crds.tree(
                        "type",
                        text("Ready, Progressing or Degraded.", 316),
                        "status",
                        Crds.tree("type", "string", "enum", List.of("True", "False", "Unknown")),
                        "observedGeneration",
                        whole("The generation of the spec that it is about.", "int64"),
                        "lastTransitionTime",
                        Crds.tree("type", "string", "format", "date-time"),
                        "reason",
                        text("One word for programs.", 1024),
                        "message",
                        text("What is, and what to do.", 32768));
        return Crds.tree(
                "type",
                "array",
                "x-kubernetes-list-type",
                "map",
                "x-kubernetes-list-map-keys",
                List.of("type"),
                "items",
                Crds.tree(
                        "type",
                        "object",
                        "required",
                        List.of("type", "status", "lastTransitionTime", "reason", "message"),
                        "properties",
                        properties));
    }

    private static Map<String, Object> text(String description, int most) {
        return Crds.tree("description", description, "type", "string", "maxLength", most);
    }

    private static Map<String, Object> whole(String description, String format) {
        return Crds.tree("description", description, "type", "integer", "format", format);
    }
}
