package dev.tidemill.gateway.grpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidemill.common.ErrorKind;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.traffic.GatewayMetrics;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The client's side of a call: what is said to it, in which order, and that it ends once, whoever
/// ends it. Thread-safe, which gRPC's own is not.
final class Ending {
    private final GrpcParts parts;
    private final ServerCall<?, InputStream> call;
    private final String id;
    private final long begin;
    private final Object lock = new Object();

    @GuardedBy("lock")
    private boolean begun;

    @GuardedBy("lock")
    private Status.@Nullable Code ended;

    /// @param id of the request
    Ending(GrpcParts parts, ServerCall<?, InputStream> call, String id) {
        this.parts = parts;
        this.call = call;
        this.id = id;
        this.begin = parts.nanos().getAsLong();
    }

    String id() {
        return id;
    }

    long began() {
        return begin;
    }

    /// Of several the first.
    void headers(Metadata headers) {
        synchronized (lock) {
            if (!begun && ended == null) {
                begun = true;
                named(headers);
                call.sendHeaders(headers);
            }
        }
    }

    /// Sends a message, or closes it when the call has ended.
    ///
    /// @return whether it can take another one at once
    boolean send(InputStream message) {
        synchronized (lock) {
            if (ended == null) {
                if (!begun) {
                    headers(new Metadata());
                }
                call.sendMessage(message);
                return call.isReady();
            }
        }
        Bytes.drop(message);
        return false;
    }

    void close(Status status, Metadata trailers) {
        synchronized (lock) {
            if (ended != null) {
                return;
            }
            ended = status.getCode();
            if (!begun) {
                named(trailers);
            }
            call.close(status, trailers);
        }
        count(status.getCode());
    }

    /// @param trailers beside what the failure says itself
    void fail(Throwable failure, Metadata trailers) {
        if (failure instanceof TidemillException known) {
            if (known.code().kind() == ErrorKind.INTERNAL) {
                parts.log().add(id, known);
            }
            close(Trailers.status(known), trailers);
        } else {
            parts.log().add(id, failure);
            close(Status.INTERNAL.withDescription("internal error; request id " + id), trailers);
        }
    }

    /// The client has gone.
    void gone() {
        synchronized (lock) {
            if (ended != null) {
                return;
            }
            ended = Status.Code.CANCELLED;
        }
        count(Status.Code.CANCELLED);
    }

    boolean hasEnded() {
        synchronized (lock) {
            return ended != null;
        }
    }

    /// As HTTP clients would have got it; 200 for one that goes on.
    int httpStatus() {
        synchronized (lock) {
            return Trailers.httpStatus(ended == null ? Status.Code.OK : ended);
        }
    }

    private void named(Metadata headers) {
        headers.discardAll(Arrival.REQUEST_ID);
        headers.put(Arrival.REQUEST_ID, id);
    }

    private void count(Status.Code code) {
        parts.metrics()
                .timer(
                        GatewayMetrics.GRPC,
                        call.getMethodDescriptor().getFullMethodName(),
                        code.name())
                .record(parts.nanos().getAsLong() - begin, TimeUnit.NANOSECONDS);
    }
}
