package dev.tidemill.gateway.admission;

import dev.tidemill.limits.Amount;
import dev.tidemill.limits.QuotaDecision;
import dev.tidemill.limits.SharedMeters;
import java.util.List;

/// Of meters that other gateways share.
final class SharedReservation implements Reservation {
    private final SharedLimits shared;
    private final SharedMeters.Request request;
    private final List<Long> days;
    private boolean ended;

    SharedReservation(
            SharedLimits shared, SharedMeters.Request request, List<QuotaDecision> granted) {
        this.shared = shared;
        this.request = request;
        this.days = granted.stream().map(decision -> decision.use().money().day()).toList();
    }

    @Override
    public Amount estimate() {
        return request.estimate();
    }

    @Override
    public void settle(Amount actual) {
        if (!ended) {
            ended = true;
            shared.settle(request, days, actual);
        }
    }
}
