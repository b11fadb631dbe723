package dev.tidemill.scaling.objective;

import dev.tidemill.scaling.Bounds;
import dev.tidemill.scaling.Limit;
import dev.tidemill.scaling.PastPeak;
import dev.tidemill.scaling.Policy;
import dev.tidemill.scaling.Signal;
import dev.tidemill.scaling.Signals;
import dev.tidemill.scaling.Silence;
import dev.tidemill.scaling.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// One target under an [ObjectivePolicy].
final class ObjectiveSession implements Policy.Session {
    private static final long NEVER = Long.MIN_VALUE;
    private static final double KV_FULL = 0.9;

    /// What comes while more is in flight than there is room for is no single second's count.
    private static final long FLOOD = 15_000;

    /// Rehearsals of few slow replicas and of many: one start-up lets go too early, and more than
    /// two cost large fleets more than they serve.
    private static final long HOLD_STARTS = 2;

    private final ObjectivePolicy policy;
    private final Bounds bounds;
    private final Learned learned;
    private final Demand demand;
    private final Surge surge;
    private final Sizing sizing;
    private final Margin margin;
    private final Silence silence;
    private final PastPeak held = new PastPeak();
    private boolean begun;
    private double surging;
    private boolean measuresLate;
    private long lastAt = NEVER;
    private long busyAt = NEVER;
    private long burstUntil = NEVER;

    ObjectiveSession(ObjectivePolicy policy) {
        Tuning tuning = policy.tuning();
        this.policy = policy;
        this.bounds = policy.bounds();
        this.learned = new Learned(policy.replica());
        this.demand = new Demand(tuning.zone().getTotalSeconds() * 1000L);
        this.surge = new Surge(demand);
        this.sizing = new Sizing(policy.objective(), tuning.variability(), bounds.max());
        this.margin = new Margin(policy.objective(), tuning);
        this.silence = new Silence(tuning.silentHold(), tuning.fallback());
    }

    @Override
    public Verdict decide(Signals seen) {
        long now = seen.atMillis();
        learned.from(seen);
        double rate = rate(seen);
        if (Double.isNaN(rate)) {
            return silent(seen);
        }
        silence.over();
        double seconds = lastAt == NEVER ? 0 : (now - lastAt) / 1000.0;
        lastAt = now;
        long look = Math.round(seconds * 1000);
        long horizon = learned.leadMillis() + look;
        Forecast forecast = demand.add(now, rate, seen.get(Signal.IN_FLIGHT), horizon);
        margin.learn(late(seen, demand.mean(Math.max(look, FLOOD))), rate, seconds);
        double planned = forecast.rate() + margin.deviations() * forecast.spread();
        planned = Math.max(planned, forecast.sure() * demand.recent());
        surging = burst(seen, forecast, look);
        planned = Math.max(planned, surging);
        double load = planned * learned.slotSeconds() + backlog(seen, planned);
        int wanted =
                Math.max(
                        sizing.replicas(load, learned.slots(), learned.slotSeconds()),
                        readers(planned));
        if (seen.get(Signal.KV_CACHE) >= KV_FULL) {
            wanted = Math.max(wanted, seen.ready() + 1);
        }
        silence.needed(now, wanted);
        return limited(
                seen,
                forecast,
                planned,
                load,
                wanted,
                rate > 0 || forecast.rate() * horizon / 1000 >= 1);
    }

    /// Arrivals; or, by Little's law, what the requests in flight say of them.
    private double rate(Signals seen) {
        double rate = seen.get(Signal.ARRIVALS);
        return Double.isNaN(rate) ? seen.get(Signal.IN_FLIGHT) / learned.slotSeconds() : rate;
    }

    /// As measured, or as the formula has it for what ran and what came. Where it is measured, a
    /// moment in which nothing ended says nothing: the few that came in it are no rate.
    ///
    /// @param rate of no shorter a time than tells something
    private double late(Signals seen, double rate) {
        if (seen.has(Signal.LATE) || measuresLate) {
            measuresLate = true;
            return seen.get(Signal.LATE);
        }
        double slotSeconds = learned.slotSeconds();
        return policy.tuning().learnsMargin()
                ? Queueing.lateShare(
                        (double) seen.ready() * learned.slots(),
                        rate * slotSeconds,
                        slotSeconds,
                        policy.objective().waitSeconds(slotSeconds),
                        policy.tuning().variability())
                : 0;
    }

    /// Much more than the level says, and more than chance explains; or more at once than twice the
    /// slots.
    ///
    /// @return requests a second to be ready for; 0 without a burst
    private double burst(Signals seen, Forecast forecast, long look) {
        double rate = surge.rate(forecast.level(), look);
        double slots = (double) seen.ready() * learned.slots();
        boolean flooded = seen.get(Signal.IN_FLIGHT) > 2 * slots;
        if (rate > 0 || flooded) {
            burstUntil = seen.atMillis() + learned.leadMillis() + 60_000;
            return flooded
                    ? Math.max(rate, forecast.sure() * demand.mean(Math.max(look, FLOOD)))
                    : rate;
        }
        return 0;
    }

    /// Replicas that read prompts as quickly as promised; 0 for anything but a language model.
    private int readers(double planned) {
        double seconds = learned.prompts().seconds();
        return seconds > 0
                ? Queueing.replicas(
                        planned * seconds,
                        1,
                        seconds,
                        policy.objective().waitSeconds(learned.slotSeconds()),
                        learned.prompts().variability(),
                        policy.objective().late(),
                        bounds.max())
                : 0;
    }

    /// Slots that work off, within a lead, what will still wait when a replica ordered now is
    /// ready.
    private double backlog(Signals seen, double planned) {
        double waiting = seen.get(Signal.WAITING);
        double slots = (double) seen.ready() * learned.slots();
        if (Double.isNaN(waiting)) {
            waiting = seen.get(Signal.IN_FLIGHT) - slots;
        }
        if (!(waiting > 0)) {
            return 0;
        }
        double lead = learned.leadMillis() / 1000.0;
        double served = slots / learned.slotSeconds();
        double left = waiting + (planned - served) * lead;
        double time = Math.clamp(lead, 10, 120);
        return left > 0 ? Math.min(left, waiting) * learned.slotSeconds() / time : 0;
    }

    private Verdict limited(
            Signals seen,
            Forecast forecast,
            double planned,
            double load,
            int wanted,
            boolean busy) {
        long now = seen.atMillis();
        List<Limit> limits = new ArrayList<>(3);
        // What ran before anything was seen is held as if it had been needed.
        int known = begun ? wanted : Math.max(wanted, bounds.clamp(seen.ordered()));
        begun = true;
        int replicas = held.add(now, known, holdMillis());
        if (replicas > wanted) {
            limits.add(Limit.HOLD);
        }
        if (now < burstUntil && seen.ordered() > replicas) {
            replicas = seen.ordered();
            limits.add(Limit.BURST);
        }
        replicas = awake(now, replicas, busy, limits);
        replicas = scheduled(now, replicas, limits);
        return explained(seen, forecast, planned, load, wanted, limits, bounded(replicas, limits));
    }

    private long holdMillis() {
        return Math.max(HOLD_STARTS * learned.leadMillis(), policy.tuning().hold().toMillis());
    }

    /// At least one while there is work, and for a quiet while after.
    private int awake(long now, int replicas, boolean busy, List<Limit> limits) {
        if (busy || busyAt == NEVER) {
            busyAt = now;
        }
        if (replicas < 1 && bounds.min() < 1) {
            if (now - busyAt < policy.tuning().idle().toMillis()) {
                limits.add(Limit.ACTIVATION);
                return 1;
            }
        }
        return replicas;
    }

    private int scheduled(long now, int replicas, List<Limit> limits) {
        int least = 0;
        for (Schedule schedule : policy.schedules()) {
            least = Math.max(least, schedule.atLeast(now, Duration.ofMillis(learned.leadMillis())));
        }
        if (least > replicas) {
            limits.add(Limit.SCHEDULE);
            return least;
        }
        return replicas;
    }

    private int bounded(int replicas, List<Limit> limits) {
        if (replicas < bounds.min()) {
            limits.add(Limit.MIN);
        } else if (replicas > bounds.max()) {
            limits.add(Limit.MAX);
        }
        return bounds.clamp(replicas);
    }

    private Verdict explained(
            Signals seen,
            Forecast forecast,
            double planned,
            double load,
            int wanted,
            List<Limit> limits,
            int replicas) {
        long lead = learned.leadMillis();
        Plan plan =
                new Plan(
                        policy.objective(),
                        forecast,
                        margin.deviations(),
                        surging,
                        planned,
                        load,
                        learned.slots(),
                        learned.slotSeconds(),
                        lead,
                        holdMillis(),
                        wanted,
                        limits,
                        replicas);
        return new Verdict(seen, policy.name(), "objective", wanted, limits, replicas, plan);
    }

    private Verdict silent(Signals seen) {
        long now = seen.atMillis();
        double usual = demand.usualPeak(now, 3_600_000);
        int usually =
                Double.isNaN(usual)
                        ? 0
                        : sizing.replicas(
                                usual * learned.slotSeconds(),
                                learned.slots(),
                                learned.slotSeconds());
        int safe = bounds.clamp(silence.safe(usually));
        int count = silence.count(now, seen.ordered(), safe, learned.leadMillis());
        List<Limit> limits = new ArrayList<>(2);
        limits.add(count == seen.ordered() ? Limit.SILENT : Limit.FALLBACK);
        int replicas = bounded(scheduled(now, count, limits), limits);
        return new Verdict(
                seen,
                policy.name(),
                "no signal",
                safe,
                limits,
                replicas,
                silence.words(now, seen.ordered(), safe, replicas));
    }
}
