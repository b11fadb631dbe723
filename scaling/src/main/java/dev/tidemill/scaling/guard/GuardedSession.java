package dev.tidemill.scaling.guard;

import dev.tidemill.scaling.Limit;
import dev.tidemill.scaling.Policy;
import dev.tidemill.scaling.Signal;
import dev.tidemill.scaling.Signals;
import dev.tidemill.scaling.Silence;
import dev.tidemill.scaling.Verdict;
import dev.tidemill.scaling.guard.CronSchedule.Follower;
import dev.tidemill.scaling.guard.GuardedPolicy.Safety;
import dev.tidemill.scaling.guard.GuardedPolicy.Sleep;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One target under a [GuardedPolicy]: the policy's own verdict first, then silence, sleep and
/// schedules, each of which can only move it with a limit and words of its own.
final class GuardedSession implements Policy.Session {
    private static final long NEVER = Long.MIN_VALUE;

    private final GuardedPolicy policy;
    private final Policy.Session inner;
    private final @Nullable Silence silence;
    private final List<Follower> schedules;
    private long leadMillis;
    private long busyAt = NEVER;
    private boolean silent;

    GuardedSession(GuardedPolicy policy) {
        this.policy = policy;
        this.inner = policy.policy().start();
        Safety safety = policy.safety();
        this.silence = safety == null ? null : new Silence(safety.hold(), safety.replicas());
        this.schedules = policy.schedules().stream().map(CronSchedule::follow).toList();
        this.leadMillis = policy.startUp().toMillis();
    }

    @Override
    public Verdict decide(Signals seen) {
        double start = seen.get(Signal.START_SECONDS);
        if (start > 0) {
            leadMillis = Math.round(start * 1000);
        }
        Verdict verdict = asleep(inner.decide(seen));
        verdict = awake(safe(verdict));
        return scheduled(verdict);
    }

    /// The policies within know no zero: a target that sleeps is not theirs until it wakes.
    private Verdict asleep(Verdict verdict) {
        return policy.sleep() != null && verdict.seen().ordered() == 0
                ? new Verdict(
                        verdict.seen(),
                        verdict.policy(),
                        "asleep",
                        0,
                        List.of(),
                        0,
                        () -> "asleep: nothing asks for it")
                : verdict;
    }

    private Verdict safe(Verdict verdict) {
        Signals seen = verdict.seen();
        if (silence == null) {
            return verdict;
        }
        // A policy that looks now and then is as silent in between as it was when it looked.
        silent = verdict.between() ? silent : verdict.met(Limit.SILENT);
        if (!silent) {
            silence.over();
            if (!verdict.between() && seen.ordered() > 0) {
                silence.needed(seen.atMillis(), verdict.wanted());
            }
            return verdict;
        }
        int wanted = verdict.wanted() < seen.ordered() ? verdict.wanted() : 0;
        int safe = policy.bounds().clamp(Math.max(silence.safe(0), wanted));
        int replicas = silence.count(seen.atMillis(), verdict.replicas(), safe, leadMillis);
        return replicas == verdict.replicas()
                ? verdict
                : new Verdict(
                        seen,
                        verdict.policy(),
                        verdict.rule(),
                        safe,
                        List.of(Limit.FALLBACK),
                        replicas,
                        silence.words(seen.atMillis(), seen.ordered(), safe, replicas));
    }

    private Verdict awake(Verdict verdict) {
        Sleep sleep = policy.sleep();
        if (sleep == null) {
            return verdict;
        }
        Signals seen = verdict.seen();
        long now = seen.atMillis();
        boolean known = seen.has(Signal.ARRIVALS) || seen.has(Signal.IN_FLIGHT);
        boolean busy = seen.get(Signal.ARRIVALS) > 0 || seen.get(Signal.IN_FLIGHT) > 0;
        // What cannot be seen is not taken for quiet, and a clock that went back begins anew.
        boolean begins = busyAt == NEVER || now < busyAt;
        if (busy || begins || (!known && seen.ordered() > 0)) {
            busyAt = now;
        }
        if (busy && seen.ordered() == 0) {
            return moved(verdict, Limit.ACTIVATION, 1, "requests wait, so it wakes");
        }
        long quiet = (now - busyAt) / 1000;
        return quiet >= sleep.idle().toSeconds() && known && seen.ordered() > 0
                ? moved(verdict, Limit.ACTIVATION, 0, "nothing for %d s".formatted(quiet))
                : verdict;
    }

    private Verdict scheduled(Verdict verdict) {
        int least = 0;
        String name = "";
        for (Follower schedule : schedules) {
            int each = schedule.atLeast(verdict.seen().atMillis(), leadMillis);
            if (each > least) {
                least = each;
                name = schedule.name();
            }
        }
        least = Math.min(least, policy.bounds().max());
        return least > verdict.replicas()
                ? moved(
                        verdict,
                        Limit.SCHEDULE,
                        least,
                        "the schedule %s asks for %d".formatted(name, least))
                : verdict;
    }

    private static Verdict moved(Verdict verdict, Limit limit, int replicas, String why) {
        return new Verdict(
                verdict.seen(),
                verdict.policy(),
                verdict.rule(),
                verdict.wanted(),
                with(verdict.limits(), limit),
                replicas,
                new Words(verdict.account(), why));
    }

    private static List<Limit> with(List<Limit> limits, Limit limit) {
        List<Limit> more = new ArrayList<>(limits);
        more.add(limit);
        return more;
    }

    private record Words(Verdict.Account first, String why) implements Verdict.Account {
        @Override
        public String sentence() {
            return first.sentence() + "; " + why;
        }

        @Override
        public Map<String, Double> figures() {
            return first.figures();
        }
    }
}
