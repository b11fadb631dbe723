package dev.tidemill.manifests.helm;

import dev.tidemill.manifests.KubeObject;
import dev.tidemill.manifests.yaml.Expression;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Makes a template of an object: puts expressions in the place of what is a value of the chart.
final class Template {
    private static final String BRACES = "@TWO-BRACES@";
    private static final Set<String> OF_CLUSTER = Set.of("PriorityClass");

    /// Parts of the values whose pods run our own image.
    private static final Set<String> OURS = Set.of("models", "gateway", "control");

    private static final Set<String> WITH_PODS = Set.of("Deployment", "StatefulSet");

    private final Values values;

    Template(Values values) {
        this.values = values;
    }

    Map<String, Object> of(KubeObject object) {
        Map<String, Object> fields = escaped(object.fields());
        metadata(object, fields);
        if (WITH_PODS.contains(object.kind())) {
            workload(object, map(fields, "spec"));
        } else if (object.kind().equals("HorizontalPodAutoscaler")) {
            Map<String, Object> spec = map(fields, "spec");
            replace(spec, "minReplicas", Part.of(object));
            replace(spec, "maxReplicas", Part.of(object));
        } else if (object.kind().equals("ServiceAccount")) {
            fields.put("imagePullSecrets", pullSecrets(fields));
        }
        return fields;
    }

    private static void metadata(KubeObject object, Map<String, Object> fields) {
        Map<String, Object> metadata = map(fields, "metadata");
        Map<String, Object> ordered = new LinkedHashMap<>();
        metadata.forEach((key, value) -> {
            ordered.put(key, value);
            if (key.equals("name") && !OF_CLUSTER.contains(object.kind())) {
                ordered.put("namespace", new Expression("{{ .Release.Namespace }}"));
            }
        });
        if (!OF_CLUSTER.contains(object.kind())) {
            ordered.put("namespace", new Expression("{{ .Release.Namespace }}"));
        }
        map(ordered, "labels")
                .put("app.kubernetes.io/managed-by", new Expression("{{ .Release.Service }}"));
        fields.put("metadata", ordered);
    }

    private void workload(KubeObject object, Map<String, Object> spec) {
        Part part = Part.of(object);
        if (object.kind().equals("Deployment") && spec.containsKey("replicas")) {
            replace(spec, "replicas", part);
        }
        Map<String, Object> pod = map(map(spec, "template"), "spec");
        pod.put("imagePullSecrets", pullSecrets(pod));
        // Of several kinds of replicas each is as its file says: a model's values are one kind's.
        boolean kind = Part.ofKind(object);
        for (String placement : List.of("nodeSelector", "tolerations")) {
            if (kind) {
                break;
            }
            Object empty = placement.equals("tolerations") ? List.of() : Map.of();
            pod.put(placement, values.block(part, placement, pod.getOrDefault(placement, empty)));
        }
        for (Object each : (List<?>) pod.getOrDefault("containers", List.of())) {
            container(asMap(each), part, kind ? List.of("env") : List.of("env", "resources"));
        }
    }

    private void container(Map<String, Object> container, Part part, List<String> blocks) {
        if (!OURS.contains(part.path().getFirst())) {
            container.put(
                    "image", values.scalar(part, "image", container.getOrDefault("image", "")));
            blocks(container, part, blocks);
            return;
        }
        container.put("image", image(String.valueOf(container.get("image"))));
        container.put(
                "imagePullPolicy",
                values.scalar(
                        new Part.Image(),
                        "pullPolicy",
                        container.getOrDefault("imagePullPolicy", "IfNotPresent")));
        blocks(container, part, blocks);
    }

    private void blocks(Map<String, Object> container, Part part, List<String> blocks) {
        for (String key : blocks) {
            if (container.containsKey(key)) {
                container.put(key, values.block(part, key, container.getOrDefault(key, Map.of())));
            }
        }
    }

    private Expression image(String name) {
        int at = name.indexOf('@');
        String tagged = at < 0 ? name : name.substring(0, at);
        int colon = tagged.lastIndexOf(':');
        boolean hasTag = colon > tagged.lastIndexOf('/');
        Part image = new Part.Image();
        String repository =
                values.scalar(image, "repository", hasTag ? tagged.substring(0, colon) : tagged)
                        .text();
        values.scalar(image, "tag", hasTag ? tagged.substring(colon + 1) : "latest");
        values.scalar(image, "digest", at < 0 ? "" : name.substring(at + 1));
        return new Expression(
                "\"%s{{ with .Values.image.digest }}@{{ . }}{{ else }}:{{ .Values.image.tag }}{{ end }}\""
                        .formatted(repository)
                        .replace("{{ .Values.image.tag }}", "{{ $.Values.image.tag }}"));
    }

    private Expression pullSecrets(Map<String, Object> holder) {
        return values.block(
                new Part.Chart(),
                "imagePullSecrets",
                holder.getOrDefault("imagePullSecrets", List.of()));
    }

    private void replace(Map<String, Object> map, String key, Part part) {
        map.put(key, values.scalar(part, key, map.getOrDefault(key, 1)));
    }

    /// Two braces in a file's own text are no expression.
    static String unescaped(String template) {
        return template.replace(BRACES, "{{ \"{{\" }}");
    }

    /// Where nothing is a template, the braces themselves.
    static String plain(String text) {
        return text.replace(BRACES, "{{");
    }

    private static Map<String, Object> escaped(Map<?, ?> map) {
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach((key, value) -> copy.put(String.valueOf(key), copied(value)));
        return copy;
    }

    private static Object copied(Object value) {
        return switch (value) {
            case Map<?, ?> map -> escaped(map);
            case List<?> list -> list.stream().map(Template::copied).toList();
            case String text -> text.replace("{{", BRACES);
            default -> value;
        };
    }

    private static Map<String, Object> map(Map<String, Object> parent, String key) {
        return asMap(parent.getOrDefault(key, new LinkedHashMap<>()));
    }

    @SuppressWarnings("unchecked") // all maps of the copy were made above
    private static Map<String, Object> asMap(Object value) {
        return (Map<String, Object>) value;
    }
}
