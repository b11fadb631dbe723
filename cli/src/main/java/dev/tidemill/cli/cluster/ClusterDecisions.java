package dev.tidemill.cli.cluster;

import dev.tidemill.client.control.DecisionList;
import dev.tidemill.client.control.ScalingDecision;
import dev.tidemill.cluster.Cluster;
import dev.tidemill.cluster.Fields;
import dev.tidemill.cluster.Kinds;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.manifests.Names;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Scaling decisions that the operator keeps in a ConfigMap for each model.
public record ClusterDecisions(Cluster cluster) {
    /// @return the newest, the oldest first; empty when none is written down
    public List<ScalingDecision> of(String model, Instant since, int most) {
        String name = Names.decisions(model);
        Optional<Fields> map = cluster.get(Kinds.ref("v1", "ConfigMap", cluster.namespace(), name));
        return map.map(fields -> fields.text("data", "decisions"))
                .map(text -> newest(name, text, since, most))
                .orElse(List.of());
    }

    static List<ScalingDecision> newest(String name, String text, Instant since, int most) {
        try {
            List<ScalingDecision> all =
                    JsonMapper.shared().readValue(text, DecisionList.class).decisions().stream()
                            .filter(decision -> !decision.at().isBefore(since))
                            .toList();
            return all.subList(Math.max(0, all.size() - most), all.size());
        } catch (JacksonException e) {
            throw new TidemillException(
                    ErrorCode.UPSTREAM_FAILED,
                    "configmap/%s: 'not what an operator of this release writes' (expected: a list"
                                    .formatted(name)
                            + " of decisions)",
                    e);
        }
    }
}
