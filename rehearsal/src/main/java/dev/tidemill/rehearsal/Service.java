package dev.tidemill.rehearsal;

import java.time.Duration;

/// What serves the trace.
///
/// @param slots requests that a replica works on at once
/// @param slotTime of one request, the same everywhere
/// @param startUp from an order to a replica that serves; it is paid for meanwhile
/// @param waitLimit a request that waits longer for its slot is late
/// @param cpuDelay how old CPU readings are
public record Service(
        int slots, Duration slotTime, Duration startUp, Duration waitLimit, Duration cpuDelay) {
    public Service {
        if (slots < 1 || slotTime.isNegative() || slotTime.isZero()) {
            throw new IllegalArgumentException(
                    "service: '%d slots of %s' (expected: each above 0)"
                            .formatted(slots, slotTime));
        }
        if (startUp.isNegative() || waitLimit.isNegative() || cpuDelay.isNegative()) {
            throw new IllegalArgumentException(
                    "service: 'start %s, limit %s, delay %s' (expected: not negative)"
                            .formatted(startUp, waitLimit, cpuDelay));
        }
    }

    public static Service of(int slots, double slotSeconds, long startSeconds, double waitLimit) {
        return new Service(
                slots,
                Duration.ofNanos((long) (slotSeconds * 1e9)),
                Duration.ofSeconds(startSeconds),
                Duration.ofNanos((long) (waitLimit * 1e9)),
                Duration.ofSeconds(30));
    }

    public double slotSeconds() {
        return slotTime.toNanos() / 1e9;
    }

    public double limitSeconds() {
        return waitLimit.toNanos() / 1e9;
    }
}
