package dev.tidemill.autoscale;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidemill.autoscale.SteadyTime.Jump;
import dev.tidemill.autoscale.SteadyTime.Moment;
import dev.tidemill.scaling.Limit;
import dev.tidemill.scaling.Policy;
import dev.tidemill.scaling.Signal;
import dev.tidemill.scaling.Verdict;
import dev.tidemill.scaling.fleet.FleetPlan;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Scales one target: a call of [#tick] a second, each from what was measured to at most one order.
/// Decisions are written down when they change something, when their rule is another than before,
/// when their wish or limits are, but that every few seconds at most, and once a minute.
public final class Scaler {
    private static final long HEARTBEAT_MILLIS = 60_000;
    private static final long WISHES_MILLIS = 5_000;

    private final ScalingTarget target;
    private final Policy policy;
    private final DecisionLog log;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final SteadyTime time;

    @GuardedBy("lock")
    private final JumpHold hold;

    @GuardedBy("lock")
    private Policy.Session session;

    @GuardedBy("lock")
    private OptionalInt pinned = OptionalInt.empty();

    @GuardedBy("lock")
    private @Nullable Verdict last;

    @GuardedBy("lock")
    private @Nullable Verdict written;

    public Scaler(
            ScalingTarget target,
            Policy policy,
            InstantSource clock,
            LongSupplier nanos,
            DecisionLog log) {
        this.target = target;
        this.policy = policy;
        this.time = new SteadyTime(clock, nanos);
        this.hold = new JumpHold(nanos);
        this.log = log;
        this.session = policy.start();
    }

    /// @param measures since the last tick; [Measures#NONE] when nothing could be read
    /// @return what was decided, whether or not it changed anything
    public Verdict tick(Measures measures) {
        lock.lock();
        try {
            Moment moment = timed();
            target.settle();
            Measures known = learned(measures);
            Verdict verdict =
                    hold.held(
                            session.decide(
                                    known.at(
                                            moment.atMillis(), target.replicas(), target.ready())));
            if (pinned.isPresent()) {
                verdict = byHand(verdict, pinned.getAsInt());
            } else if (verdict.changes()) {
                verdict = madeOf(verdict, target.plan(verdict.replicas()));
                target.order(verdict.replicas(), verdict.reason());
            }
            write(verdict);
            return verdict;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private Moment timed() {
        Moment moment = time.next();
        if (moment.jump() != Jump.NONE) {
            hold.begin(target.replicas());
        }
        if (moment.jump() == Jump.BACK) {
            session = policy.start();
            written = null;
        }
        return moment;
    }

    @GuardedBy("lock")
    private Measures learned(Measures measures) {
        double start = target.startSeconds();
        return start > 0
                ? measures.and(Measures.of(Map.of(Signal.START_SECONDS, start)))
                : measures;
    }

    @GuardedBy("lock")
    private void write(Verdict verdict) {
        if (verdict.between()) {
            return;
        }
        last = verdict;
        Verdict before = written;
        if (before == null || tells(verdict, before)) {
            written = verdict;
            log.add(Decided.of(target.name(), verdict));
        }
    }

    /// Orders, rules and silence at once; mere wishes, which change with every request, now and
    /// then.
    private static boolean tells(Verdict verdict, Verdict before) {
        if (verdict.changes()
                || !verdict.rule().equals(before.rule())
                || verdict.met(Limit.SILENT) != before.met(Limit.SILENT)) {
            return true;
        }
        long since = verdict.seen().atMillis() - before.seen().atMillis();
        boolean wishes =
                verdict.wanted() != before.wanted() || !verdict.limits().equals(before.limits());
        return since >= (wishes ? WISHES_MILLIS : HEARTBEAT_MILLIS);
    }

    private static Verdict byHand(Verdict verdict, int replicas) {
        return new Verdict(
                verdict.seen(),
                verdict.policy(),
                "pinned by hand",
                verdict.wanted(),
                List.of(Limit.DISABLED),
                replicas,
                () -> "pinned by hand at %d; otherwise: %s".formatted(replicas, verdict.reason()));
    }

    /// With what the count is made of, and what that costs.
    private static Verdict madeOf(Verdict verdict, Optional<FleetPlan> plan) {
        return plan.isEmpty()
                ? verdict
                : new Verdict(
                        verdict.seen(),
                        verdict.policy(),
                        verdict.rule(),
                        verdict.wanted(),
                        verdict.limits(),
                        verdict.replicas(),
                        new OfKinds(verdict.account(), plan.get()));
    }

    private record OfKinds(Verdict.Account inner, FleetPlan plan) implements Verdict.Account {
        @Override
        public String sentence() {
            return inner.sentence() + "; as " + plan.reason();
        }

        @Override
        public Map<String, Double> figures() {
            Map<String, Double> figures = new LinkedHashMap<>(inner.figures());
            new TreeMap<>(plan.counts())
                    .forEach((kind, count) -> figures.put("replicas " + kind, (double) count));
            figures.put("price an hour", plan.pricePerHour());
            return figures;
        }
    }

    /// The newest decision in one sentence; empty before the first.
    public String reason() {
        lock.lock();
        try {
            return last == null ? "" : last.reason();
        } finally {
            lock.unlock();
        }
    }

    /// Sets the count by hand until [#release]. It may lie outside the file's bounds.
    public void pin(int replicas) {
        lock.lock();
        try {
            pinned = OptionalInt.of(replicas);
            hold.end();
            target.order(replicas, "pinned by hand");
        } finally {
            lock.unlock();
        }
    }

    /// Gives the target back to its policy.
    public void release() {
        lock.lock();
        try {
            pinned = OptionalInt.empty();
        } finally {
            lock.unlock();
        }
    }

    public OptionalInt pinned() {
        lock.lock();
        try {
            return pinned;
        } finally {
            lock.unlock();
        }
    }
}
