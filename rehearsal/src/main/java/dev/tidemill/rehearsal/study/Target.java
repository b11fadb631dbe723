package dev.tidemill.rehearsal.study;

import dev.tidemill.rehearsal.MinuteTrace;
import dev.tidemill.rehearsal.Oracle;
import dev.tidemill.rehearsal.Service;
import dev.tidemill.scaling.Bounds;
import dev.tidemill.scaling.objective.Objective;
import dev.tidemill.scaling.objective.Replica;
import dev.tidemill.scaling.objective.TokenCost;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/// What is to be scaled, as every policy needs to know it.
///
/// @param late share of requests that may wait longer than the service's limit
/// @param peak replicas that the busiest minute needs
/// @param zone in which days begin
/// @param tokens what tokens cost a replica; null for anything but a language model
public record Target(
        Service service,
        Bounds bounds,
        double late,
        int peak,
        ZoneOffset zone,
        @Nullable TokenCost tokens) {
    public static Target of(Service service, Bounds bounds, double late, MinuteTrace trace) {
        int peak = 1;
        for (int need : Oracle.needs(trace, service, late, bounds.min())) {
            peak = Math.max(peak, need);
        }
        return new Target(service, bounds, late, peak, ZoneOffset.UTC, null);
    }

    public Target with(ZoneOffset other) {
        return new Target(service, bounds, late, peak, other, tokens);
    }

    public Target with(TokenCost cost) {
        return new Target(service, bounds, late, peak, zone, cost);
    }

    Objective objective(double share) {
        return Objective.wait(service.waitLimit(), share);
    }

    Replica replica() {
        return new Replica(service.slots(), service.slotTime(), service.startUp(), tokens);
    }

    double capacity() {
        return service.slots() / service.slotSeconds();
    }
}
