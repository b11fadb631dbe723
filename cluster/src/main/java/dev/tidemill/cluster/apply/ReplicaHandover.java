package dev.tidemill.cluster.apply;

import dev.tidemill.cluster.Cluster;
import dev.tidemill.cluster.Fields;
import java.util.Map;
import java.util.Optional;

/// The moment at which a file stops saying how many replicas there are, because an autoscaler does
/// from now on. A field that its only owner lets go falls back to its default, which is one
/// replica; so somebody else owns it first. Pure.
final class ReplicaHandover {
    /// Who owns it until the autoscaler sets it.
    static final String HEIR = Cluster.MANAGER + "-replicas";

    private ReplicaHandover() {}

    /// @param live as it is
    /// @param tree as it is to be
    /// @return what the heir applies; empty when nothing is let go
    static Optional<Map<String, Object>> of(Fields live, Map<String, Object> tree) {
        boolean says = new Fields(tree).at("spec", "replicas").isPresent();
        boolean owns =
                live.children("metadata", "managedFields").stream()
                        .filter(entry -> entry.text("manager").equals(Cluster.MANAGER))
                        .anyMatch(
                                entry -> entry.at("fieldsV1", "f:spec", "f:replicas").isPresent());
        return says || !owns
                ? Optional.empty()
                : Optional.of(
                        Map.of(
                                "apiVersion",
                                live.text("apiVersion"),
                                "kind",
                                live.text("kind"),
                                "metadata",
                                Map.of(
                                        "name",
                                        live.name(),
                                        "namespace",
                                        live.text("metadata", "namespace")),
                                "spec",
                                Map.of("replicas", live.number("spec", "replicas"))));
    }
}
