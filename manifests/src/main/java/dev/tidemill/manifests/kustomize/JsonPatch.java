package dev.tidemill.manifests.kustomize;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The operations of a JSON patch (RFC 6902) that make one tree of another.
final class JsonPatch {
    private JsonPatch() {}

    static List<Map<String, Object>> between(Map<String, ?> from, Map<String, ?> to) {
        List<Map<String, Object>> operations = new ArrayList<>();
        mappings("", from, to, operations);
        return operations;
    }

    private static void mappings(
            String path, Map<?, ?> from, Map<?, ?> to, List<Map<String, Object>> operations) {
        for (Map.Entry<?, ?> old : from.entrySet()) {
            String at = path + "/" + escaped(old.getKey());
            if (to.containsKey(old.getKey())) {
                values(at, old.getValue(), to.get(old.getKey()), operations);
            } else {
                operations.add(operation("remove", at));
            }
        }
        for (Map.Entry<?, ?> fresh : to.entrySet()) {
            if (!from.containsKey(fresh.getKey())) {
                operations.add(
                        operation("add", path + "/" + escaped(fresh.getKey()), fresh.getValue()));
            }
        }
    }

    private static void values(
            String path, Object from, Object to, List<Map<String, Object>> operations) {
        if (from instanceof Map<?, ?> left && to instanceof Map<?, ?> right) {
            mappings(path, left, right, operations);
        } else if (from instanceof List<?> left
                && to instanceof List<?> right
                && left.size() == right.size()) {
            for (int i = 0; i < left.size(); i++) {
                values(path + "/" + i, left.get(i), right.get(i), operations);
            }
        } else if (!from.equals(to)) {
            operations.add(operation("replace", path, to));
        }
    }

    private static Map<String, Object> operation(String name, String path, Object value) {
        Map<String, Object> operation = operation(name, path);
        operation.put("value", value);
        return operation;
    }

    private static Map<String, Object> operation(String name, String path) {
        Map<String, Object> operation = new LinkedHashMap<>();
        operation.put("op", name);
        operation.put("path", path);
        return operation;
    }

    private static String escaped(Object key) {
        return String.valueOf(key).replace("~", "~0").replace("/", "~1");
    }
}
