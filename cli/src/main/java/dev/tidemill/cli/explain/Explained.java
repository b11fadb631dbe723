package dev.tidemill.cli.explain;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tidemill.cli.cluster.AutoscalerState;
import dev.tidemill.client.control.ScalingDecision;
import java.util.List;
import java.util.Optional;

/// What `explain --json` prints.
///
/// @param decisions of our own loop, the oldest first; where an autoscaler has taken over those
///   from before that
/// @param autoscaler of Kubernetes, where one scales
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Explained(List<ScalingDecision> decisions, Optional<AutoscalerState> autoscaler) {
    public Explained {
        decisions = List.copyOf(decisions);
    }
}
