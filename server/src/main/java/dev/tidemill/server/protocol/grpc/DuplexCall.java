package dev.tidemill.server.protocol.grpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.tracing.Span;
import io.grpc.Context;
import io.grpc.ServerCall;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One stream. A virtual thread works for each request and sends what it answers early, and one
/// more sends the last answers in the requests' order: a lock lets one of them at a time touch the
/// call's sending side. Early answers keep no order between requests, since holding one back would
/// hold its model back. The client gets leave to send a further request with each last answer that
/// it took, so that one who does not read cannot fill our memory. An empty entry of the queue
/// stands for the end.
final class DuplexCall<A> extends ServerCall.Listener<Received> {
    /// Requests of one stream that are worked on or wait to be sent.
    static final int MAX_AT_ONCE = 16;

    private final Calls.One<A> one;
    private final BiFunction<Received, Consumer<A>, Optional<A>> work;
    private final BlockingQueue<Optional<FutureTask<Optional<A>>>> answers =
            new LinkedBlockingQueue<>();
    private final ReentrantLock sending = new ReentrantLock();
    private final Condition roomToSend = sending.newCondition();
    private final Thread sender;
    private volatile @Nullable TidemillException ended;

    @GuardedBy("sending")
    private boolean over;

    DuplexCall(Calls.One<A> one, BiFunction<Received, Consumer<A>, Optional<A>> work) {
        this.one = one;
        this.work = work;
        this.sender =
                Thread.ofVirtual()
                        .name("grpc-stream")
                        .unstarted(Context.current().wrap(this::send));
    }

    void start() {
        Intake intake = Intake.KEY.get();
        if (intake != null) {
            intake.onEnding(this::end);
        }
        sender.start();
    }

    @Override
    public void onMessage(Received message) {
        FutureTask<Optional<A>> task =
                new FutureTask<>(Span.current().carry(() -> work.apply(message, this::early)));
        answers.add(Optional.of(task));
        Thread.ofVirtual()
                .name("grpc-request")
                .start(
                        Context.current()
                                .wrap(() -> {
                                    // Closed also where the task was cancelled before it began.
                                    try (message) {
                                        task.run();
                                    }
                                }));
    }

    /// What comes is too much, or too slow.
    private void end(TidemillException why) {
        ended = why;
        onCancel();
    }

    @Override
    public void onHalfClose() {
        answers.add(Optional.empty());
    }

    @Override
    public void onReady() {
        sending.lock();
        try {
            roomToSend.signalAll();
        } finally {
            sending.unlock();
        }
    }

    @Override
    public void onCancel() {
        sender.interrupt();
        answers.forEach(waiting -> waiting.ifPresent(task -> task.cancel(true)));
    }

    private void send() {
        Optional<FutureTask<Optional<A>>> next = Optional.empty();
        try {
            for (next = answers.take(); next.isPresent(); next = answers.take()) {
                last(next.get().get());
            }
            close(one::end);
        } catch (InterruptedException | CancellationException e) {
            next.ifPresent(task -> task.cancel(true));
            TidemillException why = ended;
            close(() -> {
                if (why == null) {
                    one.gone();
                } else {
                    one.fail(why);
                }
            });
        } catch (ExecutionException e) {
            close(() -> one.fail(e.getCause() == null ? e : e.getCause()));
        } catch (RuntimeException e) {
            close(() -> one.fail(e));
        }
    }

    private void last(Optional<A> answer) throws InterruptedException {
        sending.lockInterruptibly();
        try {
            answer.ifPresent(one::send);
            awaitRoom();
            one.call().request(1);
        } finally {
            sending.unlock();
        }
    }

    /// @throws CancellationException when nobody waits for it any more
    private void early(A answer) {
        try {
            sending.lockInterruptibly();
            try {
                if (over || one.call().isCancelled()) {
                    throw new CancellationException("the client has left");
                }
                one.send(answer);
                awaitRoom();
            } finally {
                sending.unlock();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the client has left");
        }
    }

    @GuardedBy("sending")
    private void awaitRoom() throws InterruptedException {
        while (!one.call().isReady() && !one.call().isCancelled()) {
            roomToSend.await();
        }
    }

    private void close(Runnable ending) {
        sending.lock();
        try {
            over = true;
            ending.run();
        } finally {
            sending.unlock();
        }
    }
}
