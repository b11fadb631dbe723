package dev.tidemill.rehearsal;

import java.util.ArrayList;
import java.util.List;

/// Adds up what a replay comes to, whichever engine plays it.
public final class Tally {
    private static final long TURN = 600_000;
    private static final int DAY = 1440;

    private final double promised;
    private final List<Day> days = new ArrayList<>();
    private double requests;
    private double late;
    private double replicaMillis;
    private double dayRequests;
    private double dayLate;
    private double dayMillis;
    private double minuteRequests;
    private double minuteLate;
    private double cut;
    private int minutes;
    private int minutesOut;
    private int orders;
    private int turns;
    private int most;
    private int lastDirection;
    private long lastChange = Long.MIN_VALUE / 2;
    private int breaches;
    private double breachSum;
    private double breachWorst;
    private double breach;

    public Tally(double promised) {
        this.promised = promised;
    }

    public void step(double arrived, double lateOnes, int ordered, long millis) {
        paid(ordered, millis);
        served(arrived, lateOnes, millis / 1000.0);
    }

    public void paid(int ordered, long millis) {
        dayMillis += (double) ordered * millis;
        most = Math.max(most, ordered);
    }

    /// @param seconds over which lateness is judged as one
    public void served(double arrived, double lateOnes, double seconds) {
        minuteRequests += arrived;
        minuteLate += lateOnes;
        if (lateOnes > promised * arrived) {
            breaches += breach == 0 ? 1 : 0;
            breach += seconds;
            breachWorst = Math.max(breachWorst, breach);
        } else if (breach > 0 && arrived > 0) {
            breachSum += breach;
            breach = 0;
        }
    }

    public void minute() {
        minutes++;
        minutesOut += minuteLate > promised * minuteRequests ? 1 : 0;
        dayRequests += minuteRequests;
        dayLate += minuteLate;
        minuteRequests = 0;
        minuteLate = 0;
        if (minutes % DAY == 0) {
            day();
        }
    }

    public double minuteRequests() {
        return minuteRequests;
    }

    public double minuteLate() {
        return minuteLate;
    }

    private void day() {
        days.add(new Day(dayRequests, dayLate, dayMillis / 3_600_000));
        requests += dayRequests;
        late += dayLate;
        replicaMillis += dayMillis;
        dayRequests = 0;
        dayLate = 0;
        dayMillis = 0;
    }

    public void order(int direction, long now) {
        turns += direction != lastDirection && now - lastChange <= TURN ? 1 : 0;
        lastDirection = direction;
        lastChange = now;
        orders++;
    }

    public void cut(double requestsCut) {
        cut += requestsCut;
    }

    public Outcome outcome(String policy) {
        if (minutes % DAY != 0) {
            day();
        }
        Reaction reaction =
                breaches == 0
                        ? Reaction.NONE
                        : new Reaction(breaches, (breachSum + breach) / breaches, breachWorst);
        return new Outcome(
                policy,
                requests,
                late,
                minutes,
                minutesOut,
                replicaMillis / 3_600_000,
                turns,
                orders,
                most,
                reaction,
                cut,
                days);
    }
}
