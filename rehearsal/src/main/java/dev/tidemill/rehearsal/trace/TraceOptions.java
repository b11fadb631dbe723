package dev.tidemill.rehearsal.trace;

import java.time.ZoneId;

/// How a trace is to be read where it does not say itself.
///
/// @param zone of times without an offset
/// @param unit of times that are numbers
/// @param holes what a hole in counts by minute stands for
/// @param model requests of access logs are counted when their path has this part; empty for all
public record TraceOptions(ZoneId zone, Unit unit, Holes holes, String model) {
    /// Of numbers that are times.
    public enum Unit {
        /// By the header's name and the number's size.
        AUTO(0),
        NANOS(1e-6),
        MICROS(1e-3),
        MILLIS(1),
        SECONDS(1e3),
        MINUTES(60e3);

        private final double millis;

        Unit(double millis) {
            this.millis = millis;
        }

        double millis() {
            return millis;
        }
    }

    /// What minutes that are left out stand for.
    public enum Holes {
        /// A hole of the measurement: the count before it goes on.
        HOLD,
        /// Minutes without requests.
        ZERO
    }

    public static TraceOptions of(ZoneId zone) {
        return new TraceOptions(zone, Unit.AUTO, Holes.HOLD, "");
    }

    public TraceOptions with(Unit other) {
        return new TraceOptions(zone, other, holes, model);
    }

    public TraceOptions with(Holes other) {
        return new TraceOptions(zone, unit, other, model);
    }

    public TraceOptions withModel(String other) {
        return new TraceOptions(zone, unit, holes, other);
    }
}
