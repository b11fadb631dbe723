package dev.tidemill.cluster.apply;

import dev.tidemill.cluster.Cluster;
import dev.tidemill.cluster.Fields;
import dev.tidemill.cluster.ObjectRef;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// What applying a set would change, asked of the cluster by a dry run: its defaults, its webhooks
/// and what others set are in the answer.
///
/// @param yaml writes a tree as people read it
public record LiveDiff(Cluster cluster, Function<Map<String, Object>, String> yaml) {
    /// @return unified differences, one for each object that is not the same
    public List<String> of(ObjectSet objects) {
        List<String> differences = new ArrayList<>();
        for (Map<String, Object> tree : objects.trees()) {
            ObjectRef ref = objects.ref(tree);
            Optional<Fields> live = cluster.get(ref);
            String now = live.map(this::text).orElse("");
            add(differences, ref, now, text(applied(ref, tree, live.isPresent())));
        }
        for (ObjectRef ref : new Applier(cluster, _ -> {}).leftovers(objects)) {
            add(differences, ref, cluster.get(ref).map(this::text).orElse(""), "");
        }
        return differences;
    }

    private Fields applied(ObjectRef ref, Map<String, Object> tree, boolean isThere) {
        try {
            return cluster.apply(ref, tree, true);
        } catch (TidemillException e) {
            if (e.code() == ErrorCode.NOT_FOUND && !isThere) {
                // Neither is its namespace, so nobody can say what would be made of it.
                return new Fields(tree);
            }
            throw e;
        }
    }

    private static void add(List<String> into, ObjectRef ref, String now, String then) {
        String difference = LineDiff.unified("live/" + ref.id(), "file/" + ref.id(), now, then);
        if (!difference.isEmpty()) {
            into.add(difference);
        }
    }

    private String text(Fields object) {
        return yaml.apply(Decided.of(object));
    }
}
