package dev.tidemill.server.protocol.grpc;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.limits.Admission;
import dev.tidemill.server.admission.AdmissionGate.Reserve;
import io.grpc.Context;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What is coming in on one call. gRPC gathers each message in memory before anybody sees it; this
/// counts its bytes against those of all requests while they come, and ends the call when there are
/// too many, or when they come too slowly. Small messages cost it nothing: they are counted with
/// their request.
///
/// The transport's thread brings the bytes, the call's own takes the messages, and [Intakes]
/// watches the time.
final class Intake extends ServerStreamTracer {
    static final Context.Key<Intake> KEY = Context.key("tidemill-intake");

    /// About what a call takes in any case.
    static final int FREE = 4096;

    private final Intakes all;

    /// Whether the call is in the hands of its handler, or has been ended here.
    private final AtomicBoolean decided = new AtomicBoolean();

    private volatile Consumer<TidemillException> ending = _ -> {};
    private volatile @Nullable Queue<Whole> whole;
    private volatile long until;
    private volatile boolean watched;
    private boolean single;

    /// Of the transport's thread.
    private long unasked;

    private int messages;
    private @Nullable Reserve coming;

    /// Of the call's thread.
    private int taken;

    /// A message of which every byte is here.
    private record Whole(int index, Reserve reserve) {}

    Intake(Intakes all) {
        this.all = all;
    }

    @Override
    public Context filterContext(Context context) {
        return context.withValue(KEY, this);
    }

    @Override
    public void serverCallStarted(ServerCallInfo<?, ?> call) {
        single = call.getMethodDescriptor().getType().clientSendsOneMessage();
    }

    /// @param handler is told once, by another thread, why the call must end; never after [#begin]
    void onEnding(Consumer<TidemillException> handler) {
        this.ending = handler;
    }

    /// The handler begins its work, or ends the call itself.
    ///
    /// @return false when the call has been ended already
    boolean begin() {
        unwatch();
        return decided.compareAndSet(false, true);
    }

    /// What the next message holds; to be closed by who takes it. Empty for small ones.
    @Nullable Reserve next() {
        int index = taken++;
        Queue<Whole> there = whole;
        if (there == null) {
            return null;
        }
        Whole head = there.peek();
        return head != null && head.index == index && there.remove(head) ? head.reserve : null;
    }

    Reserve reserve() {
        return all.reserve();
    }

    /// @throws TidemillException `OVERLOADED` or `TOO_LARGE`
    static void grow(Reserve reserve, long bytes) {
        if (reserve.grow(bytes) instanceof Admission.Shed(var code, _, var reason)) {
            throw new TidemillException(code, "overloaded: " + reason);
        }
    }

    @Override
    public void inboundWireSize(long bytes) {
        unasked += bytes;
        if (coming == null && unasked <= FREE) {
            return;
        }
        Reserve reserve = coming;
        if (reserve == null) {
            reserve = all.reserve();
            coming = reserve;
        }
        extend(unasked);
        try {
            grow(reserve, unasked);
        } catch (TidemillException e) {
            end(e);
        }
        unasked = 0;
    }

    @Override
    public void inboundMessageRead(int index, long wireBytes, long unpackedBytes) {
        unasked = 0;
        Reserve reserve = coming;
        coming = null;
        if (reserve != null) {
            Queue<Whole> there = whole;
            if (there == null) {
                there = new ConcurrentLinkedQueue<>();
                whole = there;
            }
            there.add(new Whole(messages, reserve));
            if (!single) {
                unwatch();
            }
        }
        messages++;
    }

    @Override
    public void streamClosed(Status status) {
        unwatch();
        Reserve reserve = coming;
        coming = null;
        if (reserve != null) {
            reserve.close();
        }
        Queue<Whole> there = whole;
        if (there != null) {
            for (Whole left = there.poll(); left != null; left = there.poll()) {
                left.reserve.close();
            }
        }
    }

    /// Whether its time is over.
    boolean isLate(long now) {
        return watched && now - until > 0;
    }

    void endLate() {
        end(
                new TidemillException(
                        ErrorCode.DEADLINE_EXCEEDED,
                        "message: 'not whole' (expected: at least %d KiB/s)"
                                .formatted(Intakes.BYTES_PER_SECOND / 1024)));
    }

    private void end(TidemillException why) {
        unwatch();
        // Streams of messages are never in the hands of their handler as a whole.
        if (decided.compareAndSet(false, true)) {
            ending.accept(why);
        }
    }

    private void extend(long bytes) {
        if (decided.get()) {
            return;
        }
        until = all.extended(watched ? until : all.latest(), bytes);
        if (!watched) {
            watched = true;
            all.watch(this);
        }
    }

    private void unwatch() {
        if (watched) {
            watched = false;
            all.forget(this);
        }
    }
}
