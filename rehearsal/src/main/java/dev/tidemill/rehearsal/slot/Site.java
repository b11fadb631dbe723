package dev.tidemill.rehearsal.slot;

import dev.tidemill.rehearsal.Scene;
import dev.tidemill.rehearsal.Service;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.SplittableRandom;

/// A gateway and its replicas, from one event to the next. A request goes to the less loaded of two
/// replicas and waits in that one's queue; the newest replicas go first and finish what they have.
final class Site {
    private final Service service;
    private final double drainSeconds;
    private final Times slotTimes;
    private final Times startTimes;
    private final SplittableRandom choice;
    private final Seen seen;
    private final Queues queues;
    private final Running running = new Running();
    private final Deque<Double> homeless = new ArrayDeque<>();
    private int[] ordered = new int[64];
    private double[] readyAt = new double[64];
    private double[] startTook = new double[64];
    private int[] ready = new int[64];
    private int orderedCount;
    private int readyCount;
    private double nextReady = Double.POSITIVE_INFINITY;
    private double now;
    private int inFlight;
    private int busy;
    private double late;
    private double cut;

    Site(Scene scene, Chances chances, SplittableRandom random, Seen seen) {
        this.service = scene.service();
        this.drainSeconds = chances.drain().toMillis() / 1000.0;
        this.slotTimes = new Times(service.slotSeconds(), chances.slotSpread(), random.split());
        this.startTimes =
                new Times(
                        service.startUp().toMillis() / 1000.0 * scene.startFactor(),
                        chances.startSpread(),
                        random.split());
        this.choice = random.split();
        this.seen = seen;
        this.queues = new Queues(service.slots());
        for (int i = 0; i < scene.replicas(); i++) {
            add(0, 0);
        }
        wake();
    }

    int ordered() {
        return orderedCount;
    }

    int ready() {
        return readyCount;
    }

    /// Of the requests that have begun, or given up, since the last call.
    double takeLate() {
        double taken = late;
        late = 0;
        return taken;
    }

    /// Requests since the last call that did not end before their replica did.
    double takeCut() {
        double taken = cut;
        cut = 0;
        return taken;
    }

    /// Requests that wait, at the gateway or at a replica that stays.
    int waiting() {
        int waiting = homeless.size();
        for (int i = 0; i < readyCount; i++) {
            waiting += queues.inFlight(ready[i]) - queues.busy(ready[i]);
        }
        return waiting;
    }

    void arrive(double at) {
        until(at);
        inFlight++;
        seen.arrived();
        if (readyCount == 0) {
            homeless.add(at);
        } else {
            begin(at);
        }
    }

    /// Whatever happens until then.
    void until(double moment) {
        while (true) {
            double next = Math.min(running.firstDone(), nextReady);
            if (next > moment) {
                break;
            }
            pass(next);
            if (nextReady <= next) {
                wake();
            } else {
                end();
            }
        }
        pass(moment);
    }

    /// What is still without a replica will be late; nobody else is asked.
    double abandoned() {
        return homeless.size();
    }

    void order(int replicas) {
        while (orderedCount < replicas) {
            double seconds = startTimes.next();
            add(now + seconds, seconds);
        }
        while (orderedCount > replicas) {
            remove(--orderedCount);
        }
        nextReady();
        if (nextReady <= now) {
            wake();
        }
    }

    private void pass(double moment) {
        seen.pass(moment - now, inFlight, busy, readyCount);
        now = moment;
    }

    private void begin(double arrived) {
        int on = pick();
        double seconds = slotTimes.next();
        int working = queues.busy(on);
        double start = queues.begin(on, now, seconds);
        busy += queues.busy(on) - working;
        running.add(start + seconds, arrived, start, on);
        late += start - arrived > service.limitSeconds() ? 1 : 0;
    }

    private void end() {
        int on = running.firstReplica();
        double began = running.firstBegan();
        seen.ended(began - running.firstArrived(), running.firstDone() - began);
        running.drop();
        inFlight--;
        int working = queues.busy(on);
        queues.end(on);
        if (!queues.gone(on)) {
            busy -= working - queues.busy(on);
        }
    }

    /// As the gateway does: so the load stays even, and no new replica gets all that comes.
    private int pick() {
        if (readyCount == 1) {
            return ready[0];
        }
        int one = choice.nextInt(readyCount);
        int other = choice.nextInt(readyCount - 1);
        int first = ready[one];
        int second = ready[other < one ? other : other + 1];
        return queues.inFlight(second) < queues.inFlight(first) ? second : first;
    }

    private void add(double at, double took) {
        if (orderedCount == ordered.length) {
            ordered = Arrays.copyOf(ordered, 2 * orderedCount);
            readyAt = Arrays.copyOf(readyAt, 2 * orderedCount);
            startTook = Arrays.copyOf(startTook, 2 * orderedCount);
            ready = Arrays.copyOf(ready, 2 * orderedCount);
        }
        ordered[orderedCount] = queues.add();
        readyAt[orderedCount] = at;
        startTook[orderedCount] = took;
        orderedCount++;
    }

    private void remove(int place) {
        int number = ordered[place];
        if (readyAt[place] == Double.NEGATIVE_INFINITY) {
            busy -= queues.busy(number);
            int at = 0;
            while (ready[at] != number) {
                at++;
            }
            System.arraycopy(ready, at + 1, ready, at, --readyCount - at);
            running.end(number, now + drainSeconds, this::cut);
        }
        queues.leave(number);
    }

    private void cut(double arrived, double began) {
        cut++;
        // One that was not begun with would have been late, or is now.
        boolean begun = began < now + drainSeconds;
        late += !begun && began - arrived <= service.limitSeconds() ? 1 : 0;
    }

    /// Those whose time has come serve, and who waited for one goes to them.
    private void wake() {
        for (int place = 0; place < orderedCount; place++) {
            if (readyAt[place] <= now && readyAt[place] != Double.NEGATIVE_INFINITY) {
                readyAt[place] = Double.NEGATIVE_INFINITY;
                ready[readyCount++] = ordered[place];
                queues.ready(ordered[place], now);
                if (startTook[place] > 0) {
                    seen.started(startTook[place]);
                }
            }
        }
        nextReady();
        while (readyCount > 0 && !homeless.isEmpty()) {
            begin(homeless.remove());
        }
    }

    private void nextReady() {
        nextReady = Double.POSITIVE_INFINITY;
        for (int place = 0; place < orderedCount; place++) {
            if (readyAt[place] != Double.NEGATIVE_INFINITY) {
                nextReady = Math.min(nextReady, readyAt[place]);
            }
        }
    }
}
