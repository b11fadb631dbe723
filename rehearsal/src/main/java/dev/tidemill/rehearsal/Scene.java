package dev.tidemill.rehearsal;

import java.util.ArrayList;
import java.util.List;

/// What is played: a trace, what serves it, and what goes wrong.
///
/// @param replicas that run at the beginning
/// @param late share of a minute's requests from which the minute counts as out of objective
/// @param seed of the chance in what the policy sees within a minute; 0 for none: even arrivals
public record Scene(
        MinuteTrace trace,
        Service service,
        int replicas,
        double late,
        long seed,
        List<Fault> faults) {
    public Scene {
        faults = List.copyOf(faults);
        if (replicas < 0 || !(late > 0)) {
            throw new IllegalArgumentException(
                    "scene: '%d replicas, late %s' (expected: >= 0, above 0)"
                            .formatted(replicas, late));
        }
    }

    public static Scene of(MinuteTrace trace, Service service, int replicas) {
        return new Scene(trace, service, replicas, 0.01, 0, List.of());
    }

    public Scene withSeed(long other) {
        return new Scene(trace, service, replicas, late, other, faults);
    }

    public Scene withLate(double share) {
        return new Scene(trace, service, replicas, share, seed, faults);
    }

    public Scene with(MinuteTrace other) {
        return new Scene(other, service, replicas, late, seed, faults);
    }

    public Scene with(Fault fault) {
        List<Fault> more = new ArrayList<>(faults);
        more.add(fault);
        return new Scene(trace, service, replicas, late, seed, more);
    }

    /// How many times as long as stated starting takes.
    public double startFactor() {
        double factor = 1;
        for (Fault fault : faults) {
            factor *= fault instanceof Fault.SlowStart slow ? slow.factor() : 1;
        }
        return factor;
    }

    /// Whether no signal can be read in this minute.
    public boolean silent(int minute) {
        for (Fault fault : faults) {
            if (fault instanceof Fault.Silence(int from, int to) && minute >= from && minute < to) {
                return true;
            }
        }
        return false;
    }

    /// Whether no replica can be had in this minute.
    public boolean soldOut(int minute) {
        for (Fault fault : faults) {
            if (fault instanceof Fault.StockOut(int from, int to)
                    && minute >= from
                    && minute < to) {
                return true;
            }
        }
        return false;
    }
}
