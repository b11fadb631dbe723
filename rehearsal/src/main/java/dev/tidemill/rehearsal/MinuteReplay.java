package dev.tidemill.rehearsal;

import dev.tidemill.scaling.Policy;
import dev.tidemill.scaling.Signal;
import dev.tidemill.scaling.Signals;
import dev.tidemill.scaling.Verdict;
import dev.tidemill.scaling.objective.Queueing;
import java.util.function.Consumer;

/// A trace by minutes: in steps of five seconds a fluid backlog, and within a step the tail of the
/// waiting time of random arrivals. The policy looks every 15 s, sees CPU late, and pays from the
/// order on.
public final class MinuteReplay {
    private static final long STEP = 5_000;
    private static final long LOOK = 15_000;
    private static final long TURN = 600_000;

    private final MinuteTrace trace;
    private final Service service;
    private final Policy policy;
    private final Consumer<Verdict> decisions;
    private final Fleet fleet;
    private final double[] busyLately;
    private double backlog;
    private double requests;
    private double late;
    private double minuteLate;
    private double replicaMillis;
    private double arrivedSinceLook;
    private double lateSinceLook;
    private double flightSinceLook;
    private double waitingSinceLook;
    private int minutesOut;
    private int orders;
    private int turns;
    private int most;
    private int lastDirection;
    private long lastChange = Long.MIN_VALUE / 2;
    private int tailSlots = -1;
    private double tailLoad = -1;
    private double tailWait = -1;
    private double tail;

    private MinuteReplay(
            MinuteTrace trace,
            Service service,
            Policy policy,
            int replicas,
            Consumer<Verdict> decisions) {
        this.trace = trace;
        this.service = service;
        this.policy = policy;
        this.decisions = decisions;
        this.fleet = new Fleet(service.startUp().toMillis(), replicas);
        this.busyLately = new double[(int) (service.cpuDelay().toMillis() / STEP) + 1];
    }

    /// @param replicas that run at the beginning
    /// @param decisions is given each verdict as it falls, so that none needs to be kept
    public static Outcome run(
            MinuteTrace trace,
            Service service,
            Policy policy,
            int replicas,
            Consumer<Verdict> decisions) {
        return new MinuteReplay(trace, service, policy, replicas, decisions).run();
    }

    private Outcome run() {
        Policy.Session session = policy.start();
        int steps = (int) (60_000 / STEP);
        for (int minute = 0; minute < trace.minutes(); minute++) {
            double rate = trace.count(minute) / 60;
            minuteLate = 0;
            for (int step = 0; step < steps; step++) {
                long now = trace.startMillis() + minute * 60_000L + step * STEP;
                step(rate, now);
                if ((now + STEP) % LOOK == 0) {
                    look(session, now + STEP, (minute * steps + step) % busyLately.length);
                }
                busyLately[(minute * steps + step + 1) % busyLately.length] = busy(rate, now);
            }
            minutesOut += minuteLate > 0.01 * trace.count(minute) ? 1 : 0;
        }
        return new Outcome(
                policy.name(),
                requests,
                late,
                trace.minutes(),
                minutesOut,
                replicaMillis / 3_600_000,
                turns,
                orders,
                most);
    }

    private void step(double rate, long now) {
        double seconds = STEP / 1000.0;
        int slots = fleet.ready(now) * service.slots();
        double capacity = slots / service.slotSeconds();
        double arrived = rate * seconds;
        double share = arrived > 0 ? lateShare(rate, slots, capacity) : 0;
        backlog = Math.max(0, backlog + arrived - capacity * seconds);
        requests += arrived;
        late += share * arrived;
        minuteLate += share * arrived;
        arrivedSinceLook += arrived;
        lateSinceLook += share * arrived;
        waitingSinceLook += backlog * seconds;
        double working = backlog > 0 ? slots : Math.min(rate * service.slotSeconds(), slots);
        flightSinceLook += (working + backlog) * seconds;
        replicaMillis += (double) fleet.ordered() * STEP;
        most = Math.max(most, fleet.ordered());
    }

    /// Behind a backlog one waits for it first; what is left of the limit is for chance.
    private double lateShare(double rate, int slots, double capacity) {
        if (capacity <= 0) {
            return 1;
        }
        double left = service.limitSeconds() - backlog / capacity;
        if (left <= 0) {
            return 1;
        }
        double load = rate * service.slotSeconds();
        if (slots != tailSlots || load != tailLoad || left != tailWait) {
            tailSlots = slots;
            tailLoad = load;
            tailWait = left;
            tail = Queueing.lateShare(slots, load, service.slotSeconds(), left, 1);
        }
        return tail;
    }

    private double busy(double rate, long now) {
        int slots = fleet.ready(now) * service.slots();
        double wanted = rate * service.slotSeconds() + (backlog > 0 ? slots : 0);
        return slots == 0 ? Double.NaN : Math.min(1, wanted / slots);
    }

    private void look(Policy.Session session, long now, int cpuAt) {
        double seconds = LOOK / 1000.0;
        double cpu = busyLately[(cpuAt + 1) % busyLately.length];
        int ready = fleet.ready(now);
        Signals seen =
                Signals.at(now, fleet.ordered(), ready)
                        .with(Signal.ARRIVALS, arrivedSinceLook / seconds)
                        .with(Signal.IN_FLIGHT, flightSinceLook / seconds)
                        .with(Signal.WAITING, waitingSinceLook / seconds)
                        .with(Signal.QUEUE_DEPTH, backlog)
                        .with(Signal.CPU, cpu)
                        .with(Signal.SLOT_SECONDS, service.slotSeconds())
                        .with(
                                Signal.LATE,
                                arrivedSinceLook > 0 ? lateSinceLook / arrivedSinceLook : 0)
                        .build();
        arrivedSinceLook = 0;
        lateSinceLook = 0;
        flightSinceLook = 0;
        waitingSinceLook = 0;
        Verdict verdict = session.decide(seen);
        decisions.accept(verdict);
        if (verdict.changes()) {
            order(verdict.replicas(), now);
        }
    }

    private void order(int replicas, long now) {
        int direction = Integer.signum(replicas - fleet.ordered());
        turns += direction != lastDirection && now - lastChange <= TURN ? 1 : 0;
        lastDirection = direction;
        lastChange = now;
        orders++;
        fleet.order(replicas, now);
    }
}
