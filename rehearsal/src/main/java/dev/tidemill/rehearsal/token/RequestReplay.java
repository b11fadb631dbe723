package dev.tidemill.rehearsal.token;

import dev.tidemill.rehearsal.Tally;
import dev.tidemill.rehearsal.Watcher;
import dev.tidemill.rehearsal.trace.RequestSource;
import dev.tidemill.scaling.Policy;
import dev.tidemill.scaling.Signal;
import dev.tidemill.scaling.Signals;
import dev.tidemill.scaling.Verdict;
import java.util.SplittableRandom;

/// Requests one by one through a common queue to the replica with the least to do. The policy looks
/// every 15 s. Memory is that of the replicas and of what waits, however long the trace is.
public final class RequestReplay {
    private static final double TICK = 5;
    private static final int TICKS_A_LOOK = 3;
    private static final int TICKS_A_MINUTE = 12;

    /// Means are taken over no shorter times: looking at all replicas for every request costs more
    /// than it tells.
    private static final double LEAST_TIME = 0.25;

    /// More than this many waiting are refused.
    private static final int QUEUE = 1_000_000;

    /// What is left after the last arrival gets this long to finish.
    private static final double AFTERWARDS = 3600;

    private final TokenScene scene;
    private final RequestSource source;
    private final Policy policy;
    private final Watcher watcher;
    private final Books books;
    private final Tally tally;
    private final Pool pool;
    private final Waiting waiting = new Waiting();
    private final SplittableRandom random;
    private final double start;
    private double now;
    private double nextTick;
    private double nextUpdate;
    private double hazard;
    private double flight;
    private double queued;
    private double busy;
    private double working;
    private double since;
    private long ticks;
    private long retried;
    private long refused;
    private double nodeSeconds;
    private double orderedSum;
    private double readySum;
    private boolean more;

    private RequestReplay(TokenScene scene, RequestSource source, Policy policy, Watcher watcher) {
        this.scene = scene;
        this.source = source;
        this.policy = policy;
        this.watcher = watcher;
        this.books = new Books(scene.waitLimit().toNanos() / 1e9);
        this.tally = new Tally(scene.late());
        this.random = new SplittableRandom(scene.seed());
        this.more = source.next();
        this.start = more ? Math.floor(source.atSeconds() / 60) * 60 : 0;
        this.now = start;
        this.since = start;
        this.pool = new Pool(scene, books, start);
        this.nextTick = start + TICK;
        double every = scene.updates().toMillis() / 1000.0;
        this.nextUpdate = every > 0 ? start + every : Double.POSITIVE_INFINITY;
        this.hazard = exponential();
    }

    public static TokenOutcome run(
            TokenScene scene, RequestSource source, Policy policy, Watcher watcher) {
        return new RequestReplay(scene, source, policy, watcher).run();
    }

    private TokenOutcome run() {
        Policy.Session session = policy.start();
        double last = start;
        Agenda agenda = pool.agenda();
        while (more || unfinished(last)) {
            double arrival = more ? source.atSeconds() : Double.POSITIVE_INFINITY;
            double next = Math.min(Math.min(arrival, agenda.next()), nextTick);
            next = Math.min(Math.min(next, pool.nextChange()), nextUpdate);
            now = Math.max(now, next);
            if (next == arrival) {
                arrive(arrival);
                last = arrival;
                more = source.next();
            } else if (next == agenda.next()) {
                Member member = pool.member(agenda.first());
                Engine engine = member.engine;
                if (engine != null) {
                    engine.work();
                }
                pool.changed(member);
                dispatch();
            } else if (next == pool.nextChange()) {
                pool.change(now);
                dispatch();
            } else if (next == nextTick) {
                tick(session);
                nextTick += TICK;
            } else {
                pool.update(now);
                nextUpdate += scene.updates().toMillis() / 1000.0;
            }
        }
        return outcome();
    }

    private boolean unfinished(double last) {
        return now < last + AFTERWARDS && (waiting.size() > 0 || outstanding() > 0);
    }

    private void arrive(double at) {
        int prompt = source.prompt();
        int output = source.output();
        books.arrived(prompt);
        if ((long) prompt + output > scene.cost().kvTokens() || waiting.size() >= QUEUE) {
            refused++;
            books.neverBegun(1);
            return;
        }
        account(LEAST_TIME);
        if (waiting.size() == 0) {
            Member member = pool.roomFor(prompt, output);
            if (member != null && member.engine != null) {
                member.engine.take(at, prompt, output, Waiting.FRESH, now);
                pool.changed(member);
                return;
            }
        }
        waiting.add(at, prompt, output, Waiting.FRESH);
    }

    private void dispatch() {
        account(LEAST_TIME);
        while (waiting.size() > 0) {
            Member member = pool.roomFor(waiting.prompt(), waiting.output());
            if (member == null || member.engine == null) {
                return;
            }
            member.engine.take(
                    waiting.arrived(), waiting.prompt(), waiting.output(), waiting.stage(), now);
            waiting.removeFirst();
            pool.changed(member);
        }
    }

    private int outstanding() {
        return pool.outstanding();
    }

    /// Integrals over time of what is in flight, waiting and busy, for means.
    private void account(double least) {
        double time = now - since;
        if (time < least) {
            return;
        }
        since = now;
        int inFlight = 0;
        int active = 0;
        for (Member each : pool.serving()) {
            int has = each.outstanding();
            inFlight += has;
            active += has > 0 ? 1 : 0;
        }
        flight += time * (inFlight + waiting.size());
        queued += time * waiting.size();
        busy += time * inFlight / Math.max(1, pool.ready() * scene.cost().maxBatch());
        working += time * active / Math.max(1, pool.ready());
    }

    private double exponential() {
        return -Math.log(1 - random.nextDouble());
    }

    /// Each replica fails as often as the others, so the next failure comes the sooner the more
    /// there are: what is left until then is used up by those that serve now.
    private void fail() {
        hazard -= pool.ready() * TICK / (scene.meanHoursBetweenFailures() * 3600);
        while (hazard <= 0) {
            if (pool.ready() > 0) {
                Member member = pool.serving().get(random.nextInt(pool.ready()));
                retried += pool.fail(member, now, waiting);
                dispatch();
            }
            hazard += exponential();
        }
    }

    private void tick(Policy.Session session) {
        ticks++;
        fail();
        tally.step(books.tickBegun(), books.tickLate(), pool.paid(), (long) (TICK * 1000));
        books.tick();
        nodeSeconds += pool.paidNodes() * TICK;
        orderedSum += pool.paid();
        readySum += pool.ready();
        if (ticks % TICKS_A_LOOK == 0) {
            look(session);
        }
        if (ticks % TICKS_A_MINUTE == 0) {
            watcher.minute(
                    (int) (ticks / TICKS_A_MINUTE) - 1,
                    tally.minuteRequests(),
                    tally.minuteLate(),
                    orderedSum / TICKS_A_MINUTE,
                    readySum / TICKS_A_MINUTE);
            tally.minute();
            orderedSum = 0;
            readySum = 0;
        }
    }

    private void look(Policy.Session session) {
        account(0);
        double period = TICK * TICKS_A_LOOK;
        double kv = 0;
        for (Member each : pool.serving()) {
            kv += each.engine == null ? 0 : each.engine.kvShare() / pool.ready();
        }
        double prompts = books.promptsLately() / period;
        Signals.Builder seen =
                Signals.at(Math.round(now * 1000), pool.ordered(), pool.ready())
                        .with(Signal.ARRIVALS, books.arrivedLately() / period)
                        .with(Signal.IN_FLIGHT, flight / period)
                        .with(Signal.WAITING, queued / period)
                        .with(Signal.QUEUE_DEPTH, waiting.size())
                        .with(Signal.LAG, waiting.size())
                        .with(Signal.CPU, Math.min(1, busy / period))
                        .with(Signal.GPU, Math.min(1, working / period))
                        .with(Signal.MEMORY, 0.5)
                        .with(Signal.P99, books.p99())
                        .with(Signal.KV_CACHE, kv)
                        .with(Signal.SLOT_SECONDS, books.slotSeconds())
                        .with(Signal.START_SECONDS, pool.startSeconds())
                        .with(Signal.LATE, books.lateLately());
        if (prompts > 0) {
            seen.with(Signal.PROMPT_TOKENS, prompts)
                    .with(Signal.OUTPUT_TOKENS, books.outputsLately() / period);
        }
        flight = 0;
        queued = 0;
        busy = 0;
        working = 0;
        books.look();
        Verdict verdict = session.decide(seen.build());
        watcher.decided(verdict);
        if (verdict.changes()) {
            tally.order(
                    Integer.signum(verdict.replicas() - pool.ordered()), Math.round(now * 1000));
            pool.order(verdict.replicas(), now);
            dispatch();
        }
    }

    private TokenOutcome outcome() {
        if (books.tickBegun() > 0) {
            tally.step(books.tickBegun(), books.tickLate(), pool.paid(), (long) (TICK * 1000));
        }
        // What still waits has waited for longer than anything that began: late, and arrived.
        int never = waiting.fresh() + pool.fresh();
        tally.step(never, never, 0, 0);
        if (ticks % TICKS_A_MINUTE != 0 || books.tickBegun() > 0 || never > 0) {
            tally.minute();
        }
        tally.cut(pool.cut());
        return new TokenOutcome(
                tally.outcome(policy.name()),
                books.firstTokens().quantile(0.5),
                books.firstTokens().quantile(0.99),
                books.betweenTokens().quantile(0.5),
                books.betweenTokens().quantile(0.99),
                books.ended(),
                books.outputs(),
                retried,
                refused,
                waiting.size() + outstanding(),
                nodeSeconds / 3600);
    }
}
