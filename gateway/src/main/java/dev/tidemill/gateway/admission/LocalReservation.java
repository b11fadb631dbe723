package dev.tidemill.gateway.admission;

import dev.tidemill.limits.Amount;
import dev.tidemill.limits.Moment;
import java.util.ArrayList;
import java.util.List;

/// Of meters of this process.
final class LocalReservation implements Reservation {
    private final Meters meters;
    private final Amount estimate;
    private final List<Part> parts;
    private boolean ended;

    LocalReservation(Meters meters, Amount estimate, int rules) {
        this.meters = meters;
        this.estimate = estimate;
        this.parts = new ArrayList<>(rules);
    }

    /// @param day on which money was reserved
    void add(Meter meter, LimitRule rule, long day) {
        parts.add(new Part(meter, rule, day));
    }

    @Override
    public Amount estimate() {
        return estimate;
    }

    @Override
    public void settle(Amount actual) {
        if (!ended) {
            ended = true;
            if (!parts.isEmpty()) {
                Moment now = meters.now();
                for (Part part : parts) {
                    part.meter().settle(part.rule().quota(), estimate, part.day(), actual, now);
                }
            }
        }
    }

    void undo(Moment now) {
        ended = true;
        for (Part part : parts) {
            part.meter().undo(part.rule().quota(), estimate, part.day(), now);
        }
    }

    private record Part(Meter meter, LimitRule rule, long day) {}
}
