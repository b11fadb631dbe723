package dev.tidemill.server.protocol.grpc;

import dev.tidemill.http.tracing.Span;
import io.grpc.Context;
import io.grpc.ServerCall;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/// One stream. A virtual thread works for each request, and one more sends the answers: it alone
/// touches the call's sending side. The client gets leave to send a further request with each
/// answer that it took, so that one who does not read cannot fill our memory. An empty entry of the
/// queue stands for the end.
final class DuplexCall<A> extends ServerCall.Listener<Received> {
    /// Requests of one stream that are worked on or wait to be sent.
    static final int MAX_AT_ONCE = 16;

    private final Calls.One<A> one;
    private final Function<Received, A> work;
    private final BlockingQueue<Optional<FutureTask<A>>> answers = new LinkedBlockingQueue<>();
    private final Semaphore roomToSend = new Semaphore(0);
    private final Thread sender;

    DuplexCall(Calls.One<A> one, Function<Received, A> work) {
        this.one = one;
        this.work = work;
        this.sender =
                Thread.ofVirtual()
                        .name("grpc-stream")
                        .unstarted(Context.current().wrap(this::send));
    }

    void start() {
        sender.start();
    }

    @Override
    public void onMessage(Received message) {
        FutureTask<A> task = new FutureTask<>(Span.current().carry(() -> work.apply(message)));
        answers.add(Optional.of(task));
        Thread.ofVirtual().name("grpc-request").start(Context.current().wrap(task));
    }

    @Override
    public void onHalfClose() {
        answers.add(Optional.empty());
    }

    @Override
    public void onReady() {
        roomToSend.release();
    }

    @Override
    public void onCancel() {
        sender.interrupt();
        answers.forEach(waiting -> waiting.ifPresent(task -> task.cancel(true)));
    }

    private void send() {
        Optional<FutureTask<A>> next = Optional.empty();
        try {
            for (next = answers.take(); next.isPresent(); next = answers.take()) {
                one.send(next.get().get());
                while (!one.call().isReady() && !one.call().isCancelled()) {
                    roomToSend.acquire();
                    roomToSend.drainPermits();
                }
                one.call().request(1);
            }
            one.end();
        } catch (InterruptedException | CancellationException e) {
            next.ifPresent(task -> task.cancel(true));
            one.gone();
        } catch (ExecutionException e) {
            one.fail(e.getCause() == null ? e : e.getCause());
        } catch (RuntimeException e) {
            one.fail(e);
        }
    }
}
