package dev.tidemill.operator.fake;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Objects with versions and what happened to them, as an API server keeps them.
final class Objects {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Map<String, ObjectNode> objects = new LinkedHashMap<>();
    private final List<Change> changes = new ArrayList<>();
    private long version = 1;

    /// @param type ADDED, MODIFIED, DELETED
    record Change(String type, Target target, ObjectNode object, long version) {}

    synchronized long version() {
        return version;
    }

    synchronized Optional<ObjectNode> get(Target target) {
        return Optional.ofNullable(objects.get(target.key())).map(ObjectNode::deepCopy);
    }

    synchronized List<ObjectNode> list(Target target, Predicate<ObjectNode> wanted) {
        String begin = target.collection() + "|" + target.namespace();
        return objects.entrySet().stream()
                .filter(entry ->
                        target.namespace().isEmpty()
                                ? entry.getKey().startsWith(target.collection() + "|")
                                : entry.getKey().startsWith(begin + "|"))
                .map(Map.Entry::getValue)
                .filter(wanted)
                .map(ObjectNode::deepCopy)
                .toList();
    }

    /// The next change of that collection after that version; waits a while for one.
    synchronized Optional<Change> next(Target target, long after, long patienceMillis)
            throws InterruptedException {
        long until = System.nanoTime() + patienceMillis * 1_000_000;
        Optional<Change> found = find(target, after);
        while (found.isEmpty() && System.nanoTime() < until) {
            wait(Math.max(1, (until - System.nanoTime()) / 1_000_000));
            found = find(target, after);
        }
        return found;
    }

    private Optional<Change> find(Target target, long after) {
        return changes.stream()
                .filter(change -> change.version() > after)
                .filter(change -> change.target().collection().equals(target.collection()))
                .filter(change ->
                        target.namespace().isEmpty()
                                || change.target().namespace().equals(target.namespace()))
                .findFirst();
    }

    /// Puts it in the place of what is there; nothing happens when it is the same.
    synchronized ObjectNode put(Target target, ObjectNode object) {
        ObjectNode before = objects.get(target.key());
        ObjectNode now = object.deepCopy();
        ObjectNode metadata = now.withObject("/metadata");
        metadata.put("name", target.name());
        if (!target.namespace().isEmpty()) {
            metadata.put("namespace", target.namespace());
        }
        if (before == null) {
            metadata.put("uid", UUID.randomUUID().toString());
            metadata.put("generation", 1);
            metadata.put("creationTimestamp", "2026-01-01T00:00:00Z");
        } else {
            if (now.equals(before)) {
                return before.deepCopy();
            }
            boolean changed = !before.path("spec").equals(now.path("spec"));
            metadata.put(
                    "generation",
                    before.path("metadata").path("generation").asLong(1) + (changed ? 1 : 0));
        }
        metadata.put("resourceVersion", String.valueOf(++version));
        objects.put(target.key(), now);
        changes.add(
                new Change(before == null ? "ADDED" : "MODIFIED", target, now.deepCopy(), version));
        notifyAll();
        return now.deepCopy();
    }

    /// And whatever it owns.
    synchronized boolean delete(Target target) {
        ObjectNode gone = objects.remove(target.key());
        if (gone == null) {
            return false;
        }
        gone.withObject("/metadata").put("resourceVersion", String.valueOf(++version));
        changes.add(new Change("DELETED", target, gone, version));
        String uid = gone.path("metadata").path("uid").asString("");
        List<String> owned =
                objects.entrySet().stream()
                        .filter(entry -> isOwned(entry.getValue(), uid))
                        .map(Map.Entry::getKey)
                        .toList();
        for (String key : owned) {
            String[] parts = key.split("\\|", -1);
            int slash = parts[0].lastIndexOf('/');
            delete(
                    new Target(
                            parts[0].substring(0, slash),
                            parts[1],
                            parts[0].substring(slash + 1),
                            parts[2],
                            ""));
        }
        notifyAll();
        return true;
    }

    private static boolean isOwned(ObjectNode object, String uid) {
        for (JsonNode owner : object.path("metadata").path("ownerReferences")) {
            if (owner.path("uid").asString("").equals(uid)) {
                return true;
            }
        }
        return false;
    }

    /// As in a JSON merge patch.
    static ObjectNode merge(ObjectNode base, JsonNode patch) {
        ObjectNode merged = base.deepCopy();
        patch.properties()
                .forEach(entry -> {
                    JsonNode there = merged.get(entry.getKey());
                    if (entry.getValue().isNull()) {
                        merged.remove(entry.getKey());
                    } else if (entry.getValue().isObject() && there instanceof ObjectNode left) {
                        merged.set(entry.getKey(), merge(left, entry.getValue()));
                    } else {
                        merged.set(entry.getKey(), entry.getValue());
                    }
                });
        return merged;
    }

    static ObjectNode empty() {
        return JSON.createObjectNode();
    }
}
