package dev.tidemill.operator.scale;

import dev.tidemill.autoscale.DecisionLog;
import dev.tidemill.client.control.ScalingDecision;
import java.util.LinkedHashMap;
import java.util.Map;

/// Decisions as lines of the operator's log, one each, with all that was seen: a cluster keeps and
/// searches logs already.
record DecisionLines(String namespace) implements DecisionLog {
    private static final System.Logger LOG = System.getLogger("scaling");

    @Override
    public void add(ScalingDecision decision) {
        if (LOG.isLoggable(System.Logger.Level.INFO)) {
            LOG.log(System.Logger.Level.INFO, "decision", fields(decision));
        }
    }

    Map<String, Object> fields(ScalingDecision decision) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("namespace", namespace);
        fields.put("model", decision.target());
        fields.put("policy", decision.policy());
        fields.put("rule", decision.rule());
        fields.put("ordered", decision.ordered());
        fields.put("ready", decision.ready());
        fields.put("wanted", decision.wanted());
        fields.put("replicas", decision.replicas());
        fields.put("limits", String.join(", ", decision.limits()));
        fields.put("reason", decision.reason());
        decision.signals().forEach((name, value) -> fields.put("seen " + name, value));
        decision.figures().forEach((name, value) -> fields.put("figure " + name, value));
        return fields;
    }
}
