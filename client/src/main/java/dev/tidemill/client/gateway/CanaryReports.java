package dev.tidemill.client.gateway;

import java.util.List;
import java.util.Optional;

/// Answer of the gateway's admin `GET /canaries`: how far the rollouts of its routes have come, by
/// the traffic of this one gateway.
public record CanaryReports(List<CanaryReport> canaries) {
    public CanaryReports {
        canaries = List.copyOf(canaries);
    }

    /// @param phase `stepping`, `promoted` or `rolled-back`
    /// @param step from 1
    /// @param share of the requests that the new version gets, from 0 to 1
    /// @param late whether the step takes longer than it should
    /// @param byHand whether a person has interfered with it; empty from an older gateway
    /// @param reason why it is where it is, in a sentence
    public record CanaryReport(
            String route,
            String phase,
            int step,
            int steps,
            double share,
            boolean late,
            Optional<Boolean> byHand,
            String reason) {}
}
