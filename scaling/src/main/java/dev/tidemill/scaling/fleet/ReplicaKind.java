package dev.tidemill.scaling.fleet;

import java.time.Duration;

/// One kind of replica that a target can run on.
///
/// @param requestsPerSecond that one of them serves within the objective
/// @param pricePerHour in any currency, the same for all kinds
/// @param spot whether the provider may take it back
/// @param startUp until a new one serves; moving to this kind costs that long of running twice
/// @param available how many can be had; a stock-out is 0
public record ReplicaKind(
        String name,
        double requestsPerSecond,
        double pricePerHour,
        boolean spot,
        Duration startUp,
        int available) {
    public ReplicaKind {
        if (!(requestsPerSecond > 0) || !(pricePerHour >= 0)) {
            throw new IllegalArgumentException(
                    "kind %s: '%s requests/s for %s' (expected: above 0, a price)"
                            .formatted(name, requestsPerSecond, pricePerHour));
        }
        if (available < 0) {
            throw new IllegalArgumentException(
                    "kind %s: '%d available' (expected: >= 0)".formatted(name, available));
        }
    }
}
