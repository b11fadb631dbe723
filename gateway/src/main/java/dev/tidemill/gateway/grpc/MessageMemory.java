package dev.tidemill.gateway.grpc;

import dev.tidemill.common.ByteSize;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Bounds the messages that are held at once. gRPC gathers each before anybody sees it, so bytes
/// are counted as they come from the wire, and a call whose bytes do not fit beside the others' is
/// ended. Thread-safe.
final class MessageMemory extends ServerStreamTracer.Factory {
    static final Context.Key<Taken> CURRENT = Context.key("tidemill-message-memory");

    private final long bytes;
    private final AtomicLong held = new AtomicLong();

    MessageMemory(long bytes) {
        this.bytes = bytes;
    }

    long held() {
        return held.get();
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
        return new Taken();
    }

    /// What one call has taken. Used by the transport's thread, but for [#onTooMuch].
    final class Taken extends ServerStreamTracer {
        private volatile Consumer<TidemillException> tooMuch = _ -> {};
        private boolean streaming;
        private long mine;

        /// @param handler is told that the call must end
        void onTooMuch(Consumer<TidemillException> handler) {
            tooMuch = handler;
        }

        @Override
        public Context filterContext(Context context) {
            return context.withValue(CURRENT, this);
        }

        @Override
        public void serverCallStarted(ServerCallInfo<?, ?> call) {
            streaming = !call.getMethodDescriptor().getType().clientSendsOneMessage();
        }

        @Override
        public void inboundWireSize(long more) {
            mine += more;
            if (held.addAndGet(more) > bytes) {
                tooMuch.accept(
                        new TidemillException(
                                ErrorCode.OVERLOADED,
                                "messages in flight: '%s more' (expected: at most %s together)"
                                        .formatted(new ByteSize(more), new ByteSize(bytes))));
            }
        }

        /// Messages of a stream are sent on one by one and not kept.
        @Override
        public void inboundMessageRead(int index, long wire, long unpacked) {
            if (streaming) {
                release();
            }
        }

        @Override
        public void streamClosed(Status status) {
            release();
        }

        private void release() {
            held.addAndGet(-mine);
            mine = 0;
        }
    }
}
