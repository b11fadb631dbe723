package dev.tidemill.gateway.admission;

import dev.tidemill.limits.Amount;

/// One whose place others may wait for.
final class LinedReservation implements Reservation {
    private final Reservation reservation;
    private final WaitingLines lines;
    private final LimitRules rules;
    private final Asked asked;
    private boolean ended;

    LinedReservation(Reservation reservation, WaitingLines lines, LimitRules rules, Asked asked) {
        this.reservation = reservation;
        this.lines = lines;
        this.rules = rules;
        this.asked = asked;
    }

    @Override
    public Amount estimate() {
        return reservation.estimate();
    }

    @Override
    public void settle(Amount actual) {
        reservation.settle(actual);
        if (!ended) {
            ended = true;
            if (!lines.isEmpty()) {
                for (LimitRule rule : rules.all()) {
                    if (rule.quota().concurrent().isPresent() && rule.isAbout(asked)) {
                        lines.freed(rule.meter(asked));
                    }
                }
            }
        }
    }
}
