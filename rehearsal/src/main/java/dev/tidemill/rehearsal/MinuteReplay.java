package dev.tidemill.rehearsal;

import dev.tidemill.scaling.Policy;
import dev.tidemill.scaling.Signal;
import dev.tidemill.scaling.Signals;
import dev.tidemill.scaling.Verdict;
import java.util.function.Consumer;

/// A trace by minutes: in steps of five seconds a fluid backlog, and within a step the tail of the
/// waiting time of random arrivals. The policy looks every 15 s, sees CPU late, and pays from the
/// order on.
public final class MinuteReplay {
    private static final long STEP = 5_000;
    private static final int STEPS = (int) (60_000 / STEP);
    private static final double STEP_SECONDS = STEP / 1000.0;
    private static final long LOOK = 15_000;

    /// What a replica that goes has to finish its requests.
    private static final double GRACE_SECONDS = 30;

    /// Of its request, busy or not: what a Java service or a model server usually has.
    private static final double MEMORY = 0.5;

    private final Scene scene;
    private final Service service;
    private final Policy policy;
    private final Watcher watcher;
    private final Fleet fleet;
    private final Tally tally;
    private final Tail tail;
    private final Arrivals arrivals;
    private final double slotSeconds;
    private final double decay;
    private final double[] busyLately;
    private double backlog;
    private double inService;
    private double arrivedSinceLook;
    private double lateSinceLook;
    private double flightSinceLook;
    private double waitingSinceLook;
    private double orderedSum;
    private double readySum;

    private MinuteReplay(Scene scene, Policy policy, Watcher watcher) {
        this.scene = scene;
        this.service = scene.service();
        this.policy = policy;
        this.watcher = watcher;
        this.slotSeconds = service.slotSeconds();
        this.decay = Math.exp(-STEP_SECONDS / slotSeconds);
        this.fleet =
                new Fleet(
                        Math.round(service.startUp().toMillis() * scene.startFactor()),
                        scene.replicas());
        this.tally = new Tally(scene.late());
        this.tail = new Tail(slotSeconds);
        this.arrivals = new Arrivals(STEPS, scene.seed());
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
        Watcher watcher =
                new Watcher() {
                    @Override
                    public void decided(Verdict verdict) {
                        decisions.accept(verdict);
                    }
                };
        return run(Scene.of(trace, service, replicas), policy, watcher);
    }

    public static Outcome run(Scene scene, Policy policy, Watcher watcher) {
        return new MinuteReplay(scene, policy, watcher).run();
    }

    private Outcome run() {
        Policy.Session session = policy.start();
        MinuteTrace trace = scene.trace();
        inService = trace.minutes() > 0 ? trace.count(0) / 60 * slotSeconds : 0;
        for (int minute = 0; minute < trace.minutes(); minute++) {
            double rate = trace.count(minute) / 60;
            arrivals.minute(trace.count(minute));
            for (int step = 0; step < STEPS; step++) {
                long now = trace.startMillis() + minute * 60_000L + step * STEP;
                int at = (minute * STEPS + step) % busyLately.length;
                step(rate, arrivals.of(step), now);
                if ((now + STEP) % LOOK == 0) {
                    look(session, rate, now + STEP, minute, at);
                }
                busyLately[(at + 1) % busyLately.length] = busy(now);
            }
            watcher.minute(
                    minute,
                    tally.minuteRequests(),
                    tally.minuteLate(),
                    orderedSum / STEPS,
                    readySum / STEPS);
            orderedSum = 0;
            readySum = 0;
            tally.minute();
        }
        return tally.outcome(policy.name());
    }

    /// Lateness follows from the minute's rate, whose chance the formula has in it; what the policy
    /// sees is what arrived by chance.
    private void step(double rate, double seen, long now) {
        int ready = fleet.ready(now);
        int slots = ready * service.slots();
        double capacity = slots / slotSeconds;
        double arrived = rate * STEP_SECONDS;
        double share = arrived > 0 ? lateShare(rate, slots, capacity) : 0;
        backlog = Math.max(0, backlog + arrived - capacity * STEP_SECONDS);
        tally.step(arrived, share * arrived, fleet.ordered(), STEP);
        arrivedSinceLook += seen;
        lateSinceLook += share * arrived;
        waitingSinceLook += backlog * STEP_SECONDS;
        inService = inService * decay + seen / STEP_SECONDS * slotSeconds * (1 - decay);
        double working = backlog > 0 ? slots : Math.min(inService, slots);
        flightSinceLook += (working + backlog) * STEP_SECONDS;
        orderedSum += fleet.ordered();
        readySum += ready;
    }

    /// Behind a backlog one waits for it first; what is left of the limit is for chance.
    private double lateShare(double rate, int slots, double capacity) {
        if (capacity <= 0) {
            return 1;
        }
        double left = service.limitSeconds() - backlog / capacity;
        return left <= 0 ? 1 : tail.share(slots, rate * slotSeconds, left);
    }

    private double busy(long now) {
        int slots = fleet.ready(now) * service.slots();
        double wanted = inService + (backlog > 0 ? slots : 0);
        return slots == 0 ? Double.NaN : Math.min(1, wanted / slots);
    }

    private void look(Policy.Session session, double rate, long now, int minute, int cpuAt) {
        Signals seen =
                scene.silent(minute)
                        ? Signals.at(now, fleet.ordered(), fleet.ready(now)).build()
                        : signals(rate, now, busyLately[(cpuAt + 1) % busyLately.length]);
        arrivedSinceLook = 0;
        lateSinceLook = 0;
        flightSinceLook = 0;
        waitingSinceLook = 0;
        Verdict verdict = session.decide(seen);
        watcher.decided(verdict);
        if (verdict.changes()) {
            order(verdict.replicas(), now, minute);
        }
    }

    private Signals signals(double rate, long now, double cpu) {
        double seconds = LOOK / 1000.0;
        int ready = fleet.ready(now);
        double capacity = ready * service.slots() / slotSeconds;
        double wait = tail.p99(ready * service.slots(), rate * slotSeconds);
        double queued = capacity > 0 ? backlog / capacity : Double.NaN;
        return Signals.at(now, fleet.ordered(), ready)
                .with(Signal.ARRIVALS, arrivedSinceLook / seconds)
                .with(Signal.IN_FLIGHT, flightSinceLook / seconds)
                .with(Signal.WAITING, waitingSinceLook / seconds)
                .with(Signal.QUEUE_DEPTH, backlog)
                .with(Signal.LAG, backlog)
                .with(Signal.CPU, cpu)
                .with(Signal.GPU, cpu)
                .with(Signal.MEMORY, MEMORY)
                .with(Signal.P99, slotSeconds + queued + (Double.isInfinite(wait) ? seconds : wait))
                .with(Signal.SLOT_SECONDS, slotSeconds)
                .with(
                        Signal.LATE,
                        arrivedSinceLook > 0 ? Math.min(1, lateSinceLook / arrivedSinceLook) : 0)
                .build();
    }

    private void order(int replicas, long now, int minute) {
        int before = fleet.ordered();
        if (replicas > before && scene.soldOut(minute)) {
            return;
        }
        tally.order(Integer.signum(replicas - before), now);
        int ready = fleet.ready(now);
        fleet.order(replicas, now);
        int gone = ready - fleet.ready(now);
        if (gone > 0) {
            double working =
                    backlog > 0 ? service.slots() : Math.min(service.slots(), inService / ready);
            tally.cut(gone * working * Math.exp(-GRACE_SECONDS / slotSeconds));
        }
    }
}
