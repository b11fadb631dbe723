package dev.tidemill.scaling.hpa;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one pass decided and would report.
///
/// @param replicas ordered after it
/// @param conditions in the order in which they were first set
/// @param action of the whole pass
/// @param failed whether the pass is counted as failed; one that grew on one metric while another
///   had no answer is
/// @param metrics in the order of the file; empty when none was looked at
/// @param reason of a change, as the event says it; empty without one
public record HpaPass(
        int replicas,
        List<Condition> conditions,
        Action action,
        boolean failed,
        List<MetricOutcome> metrics,
        String reason) {
    public HpaPass {
        conditions = List.copyOf(conditions);
        metrics = List.copyOf(metrics);
    }

    /// `status.conditions[]`.
    public record Condition(String type, boolean status, String reason) {}

    /// The label `action` of the controller's metrics.
    public enum Action {
        NONE("none"),
        SCALE_UP("scale_up"),
        SCALE_DOWN("scale_down");

        private final String label;

        Action(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }

        static Action from(int current, int replicas) {
            return replicas > current ? SCALE_UP : replicas < current ? SCALE_DOWN : NONE;
        }
    }

    /// What one metric said.
    ///
    /// @param proposal null when it failed
    /// @param error the label `error`: `none`, `internal`, or `spec` when the file is to blame
    /// @param message of the error; empty without one
    public record MetricOutcome(
            MetricSpec spec,
            @Nullable Proposal proposal,
            Action action,
            String error,
            String message) {}
}
