package dev.tidemill.gateway.forward;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidemill.gateway.traffic.GatewayMetrics;
import dev.tidemill.gateway.upstream.Answer;
import dev.tidemill.gateway.upstream.AttemptFailed;
import dev.tidemill.gateway.upstream.Call;
import dev.tidemill.gateway.upstream.OutgoingRequest;
import dev.tidemill.gateway.upstream.Replica;
import dev.tidemill.http.tracing.Span;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One attempt that becomes two when the answer takes long: the first answer is taken, the other
/// attempt is cancelled. An answer that is a failure is only taken when there will be no other. A
/// stream counts as answered with its first piece. Used once.
final class Hedge {
    private static final int FAILED = 500;
    private static final int FULL = 429;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Forwarder shared;
    private final String route;
    private final OutgoingRequest request;
    private final boolean fresh;
    private final Call call;
    private final int sent;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private int running;

    @GuardedBy("lock")
    private @Nullable Won won;

    /// A failure that was answered, for when nothing better comes.
    @GuardedBy("lock")
    private @Nullable Won worse;

    @GuardedBy("lock")
    private @Nullable Throwable failure;

    /// Somebody waits no more for further answers.
    @GuardedBy("lock")
    private boolean over;

    Hedge(
            Forwarder shared,
            String route,
            OutgoingRequest request,
            boolean fresh,
            Call call,
            int sent) {
        this.shared = shared;
        this.route = route;
        this.request = request;
        this.fresh = fresh;
        this.call = call;
        this.sent = sent;
    }

    /// @param isSecond whether it was not the replica that was asked first
    record Won(Replica replica, Answer answer, boolean isSecond) {}

    /// @param delayNanos after which the second is asked
    /// @param other picks it; null when there is none
    /// @throws AttemptFailed when neither answered, with what the first one came to
    Won run(Replica first, long delayNanos, Supplier<@Nullable Replica> other)
            throws AttemptFailed, InterruptedException {
        Call one = call.branch();
        Call two = call.branch();
        try {
            return race(first, delayNanos, other, one, two);
        } catch (InterruptedException e) {
            one.leave();
            two.leave();
            throw e;
        }
    }

    private Won race(
            Replica first, long delayNanos, Supplier<@Nullable Replica> other, Call one, Call two)
            throws AttemptFailed, InterruptedException {
        begin(first, one, false);
        awaitAnyFor(delayNanos);
        boolean hedged = false;
        if (isStillOut()) {
            Replica second = other.get();
            if (second != null && shared.budget().take(shared.nanos().getAsLong())) {
                hedged = true;
                begin(second, two, true);
            } else if (second != null) {
                count("no_budget");
            }
        }
        Won taken = awaitAnswer();
        if (hedged) {
            count(taken != null && taken.isSecond() ? "won" : "lost");
        }
        if (taken == null) {
            throw failed();
        }
        (taken.isSecond() ? one : two).leave();
        return taken;
    }

    private void begin(Replica replica, Call branch, boolean isSecond) {
        synchronized (lock) {
            running++;
        }
        Span span = Span.current();
        Thread.ofVirtual()
                .name(isSecond ? "hedge" : "hedged")
                .start(() ->
                        ScopedValue.where(Span.CURRENT, span)
                                .run(() -> attempt(replica, branch, isSecond)));
    }

    private void attempt(Replica replica, Call branch, boolean isSecond) {
        Answer answer = null;
        Throwable failed = null;
        try {
            answer = AttemptTrace.send(replica, request, fresh, branch, sent);
        } catch (AttemptFailed | RuntimeException e) {
            failed = e;
        }
        Answer unwanted = answer;
        synchronized (lock) {
            running--;
            if (answer != null && !over && won == null) {
                Won own = new Won(replica, answer, isSecond);
                unwanted = null;
                if (answer.status() < FAILED && answer.status() != FULL) {
                    won = own;
                } else if (worse == null) {
                    worse = own;
                } else {
                    unwanted = answer;
                }
            }
            if (failed != null && (failure == null || !isSecond)) {
                failure = failed;
            }
            lock.notifyAll();
        }
        drop(unwanted);
    }

    private void awaitAnyFor(long nanos) throws InterruptedException {
        long until = shared.nanos().getAsLong() + nanos;
        synchronized (lock) {
            for (long left = nanos;
                    left > 0 && running > 0;
                    left = until - shared.nanos().getAsLong()) {
                lock.wait(left / NANOS_PER_MILLI, (int) (left % NANOS_PER_MILLI));
            }
        }
    }

    private boolean isStillOut() {
        synchronized (lock) {
            return running > 0;
        }
    }

    private @Nullable Won awaitAnswer() throws InterruptedException {
        Answer unwanted;
        Won taken;
        synchronized (lock) {
            try {
                while (won == null && running > 0) {
                    lock.wait();
                }
            } finally {
                over = true;
            }
            taken = won;
            if (taken == null) {
                return worse;
            }
            unwanted = worse == null ? null : worse.answer();
        }
        drop(unwanted);
        return taken;
    }

    private AttemptFailed failed() {
        synchronized (lock) {
            Throwable why = failure;
            if (why instanceof AttemptFailed told) {
                return told;
            }
            throw why instanceof RuntimeException unchecked
                    ? unchecked
                    : new IllegalStateException("no attempt has ended", why);
        }
    }

    private static void drop(@Nullable Answer answer) {
        if (answer instanceof Answer.Streamed streamed) {
            streamed.body().close();
        }
    }

    private void count(String result) {
        shared.metrics().counter(GatewayMetrics.HEDGES, route, result).increment();
    }
}
