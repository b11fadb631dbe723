package dev.tidemill.gateway.admission;

import java.util.ArrayList;
import java.util.List;

/// What a request has taken of its limits. Ends with [#settle] or, when it was never answered, with
/// [#close()] alone, which gives everything but the request itself back. Used by one thread.
public final class Reservation implements AutoCloseable {
    private final Meters meters;
    private final long estimate;
    private final List<Part> parts;
    private boolean ended;

    Reservation(Meters meters, long estimate, int rules) {
        this.meters = meters;
        this.estimate = estimate;
        this.parts = new ArrayList<>(rules);
    }

    void add(Meter meter, LimitRule rule) {
        parts.add(new Part(meter, rule));
    }

    /// What was reserved.
    public long estimate() {
        return estimate;
    }

    /// @param tokens that were used
    public void settle(long tokens) {
        if (!ended) {
            ended = true;
            if (!parts.isEmpty()) {
                long now = meters.now();
                for (Part part : parts) {
                    part.meter().settle(part.rule().quota(), estimate, tokens, now);
                }
            }
        }
    }

    void undo(long nowNanos) {
        ended = true;
        for (Part part : parts) {
            part.meter().undo(part.rule().quota(), estimate, nowNanos);
        }
    }

    @Override
    public void close() {
        settle(0);
    }

    private record Part(Meter meter, LimitRule rule) {}
}
