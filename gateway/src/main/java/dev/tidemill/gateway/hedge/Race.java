package dev.tidemill.gateway.hedge;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidemill.gateway.traffic.GatewayMetrics;
import dev.tidemill.http.Metrics;
import dev.tidemill.http.tracing.Span;
import dev.tidemill.routing.RetryBudget;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// One attempt that becomes two when the answer takes long: the first answer is taken, the other
/// attempt is cancelled. An answer that is a failure is only taken when there will be no other.
/// Used once.
///
/// @param <P> who is asked
/// @param <R> what becomes of an attempt
public final class Race<P, R> {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Field<P, R> field;
    private final Terms terms;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private int running;

    @GuardedBy("lock")
    private @Nullable Won<P, R> won;

    /// A failure that was answered, for when nothing better comes.
    @GuardedBy("lock")
    private @Nullable Won<P, R> worse;

    /// What the first attempt came to without an answer, or else the second.
    @GuardedBy("lock")
    private @Nullable Won<P, R> lost;

    @GuardedBy("lock")
    private @Nullable RuntimeException broken;

    /// Somebody waits no more for further answers.
    @GuardedBy("lock")
    private boolean over;

    public Race(Field<P, R> field, Terms terms) {
        this.field = field;
        this.terms = terms;
    }

    /// What a result is worth.
    public enum Worth {
        ANSWER,
        /// An answer that is a failure.
        BAD_ANSWER,
        NO_ANSWER;

        /// Of an answer with an HTTP status.
        public static Worth of(int status) {
            return status < 500 && status != 429 ? ANSWER : BAD_ANSWER;
        }
    }

    /// Those who are asked, and how.
    public interface Field<P, R> {
        /// Asks, on a thread of its own.
        R ask(P who, boolean isSecond);

        Worth worth(R result);

        /// Who is asked as well; null when there is nobody.
        @Nullable P second();

        /// Ends the attempt that is not wanted any more.
        void stop(boolean second);

        /// Gives back what an answer holds that is not taken.
        void drop(R result);
    }

    /// @param route for metrics
    /// @param budget that a second attempt is taken of
    /// @param nanos monotonic clock
    public record Terms(String route, RetryBudget budget, Metrics metrics, LongSupplier nanos) {}

    /// @param isSecond whether it was not the one that was asked first
    public record Won<P, R>(P who, R result, boolean isSecond) {}

    /// The better answer; when there is none, what the first attempt came to.
    ///
    /// @param delayNanos after which the second is asked
    public Won<P, R> run(P first, long delayNanos) throws InterruptedException {
        try {
            return race(first, delayNanos);
        } catch (InterruptedException e) {
            field.stop(false);
            field.stop(true);
            throw e;
        }
    }

    private Won<P, R> race(P first, long delayNanos) throws InterruptedException {
        begin(first, false);
        awaitAnyFor(delayNanos);
        boolean hedged = false;
        if (isStillOut()) {
            P second = field.second();
            if (second != null && terms.budget().take(now())) {
                hedged = true;
                begin(second, true);
            } else if (second != null) {
                count("no_budget");
            }
        }
        Won<P, R> taken = awaitAnswer();
        if (hedged) {
            boolean overtook = taken.isSecond() && field.worth(taken.result()) != Worth.NO_ANSWER;
            count(overtook ? "won" : "lost");
            field.stop(!taken.isSecond());
        }
        return taken;
    }

    private void begin(P who, boolean isSecond) {
        synchronized (lock) {
            running++;
        }
        Span span = Span.current();
        Thread.ofVirtual()
                .name(isSecond ? "hedge" : "hedged")
                .start(() ->
                        ScopedValue.where(Span.CURRENT, span).run(() -> attempt(who, isSecond)));
    }

    private void attempt(P who, boolean isSecond) {
        R result = null;
        RuntimeException failed = null;
        try {
            result = field.ask(who, isSecond);
        } catch (RuntimeException e) {
            failed = e;
        }
        boolean unwanted;
        synchronized (lock) {
            running--;
            if (failed != null) {
                broken = failed;
            }
            unwanted = result != null && !keep(new Won<>(who, result, isSecond));
            lock.notifyAll();
        }
        if (unwanted) {
            field.drop(requireNonNull(result));
        }
    }

    /// @return whether it is needed any more
    @GuardedBy("lock")
    private boolean keep(Won<P, R> own) {
        Worth worth = field.worth(own.result());
        if (worth == Worth.NO_ANSWER) {
            if (lost == null || !own.isSecond()) {
                lost = own;
            }
            return true;
        }
        if (over || won != null) {
            return false;
        }
        if (worth == Worth.ANSWER) {
            won = own;
        } else if (worse == null) {
            worse = own;
        } else {
            return false;
        }
        return true;
    }

    private void awaitAnyFor(long delay) throws InterruptedException {
        long until = now() + delay;
        synchronized (lock) {
            for (long left = delay; left > 0 && running > 0; left = until - now()) {
                lock.wait(left / NANOS_PER_MILLI, (int) (left % NANOS_PER_MILLI));
            }
        }
    }

    private boolean isStillOut() {
        synchronized (lock) {
            return running > 0;
        }
    }

    private Won<P, R> awaitAnswer() throws InterruptedException {
        Won<P, R> unwanted;
        Won<P, R> taken;
        synchronized (lock) {
            try {
                while (won == null && running > 0) {
                    lock.wait();
                }
            } finally {
                over = true;
            }
            taken = won;
            unwanted = worse;
            if (taken == null) {
                return leftOver();
            }
        }
        if (unwanted != null) {
            field.drop(unwanted.result());
        }
        return taken;
    }

    @GuardedBy("lock")
    private Won<P, R> leftOver() {
        if (worse != null) {
            return worse;
        }
        if (lost == null) {
            throw broken != null ? broken : new IllegalStateException("no attempt has ended");
        }
        return lost;
    }

    private void count(String result) {
        terms.metrics().counter(GatewayMetrics.HEDGES, terms.route(), result).increment();
    }

    private long now() {
        return terms.nanos().getAsLong();
    }
}
