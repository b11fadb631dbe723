package dev.tidemill.gateway.grpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidemill.common.ErrorKind;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.traffic.GatewayMetrics;
import dev.tidemill.http.tracing.Span;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The client's side of a call: what is said to it, in which order, and that it ends once, whoever
/// ends it. Thread-safe, which gRPC's own is not.
final class Ending {
    private static final Metadata.Key<String> RETRY_AFTER = Trailers.key("retry-after");

    private final GrpcParts parts;
    private final ServerCall<?, InputStream> call;
    private final String id;
    private final String trace = Span.current().traceId();
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
            if (known.code().kind() == ErrorKind.CAPACITY && !trailers.containsKey(RETRY_AFTER)) {
                trailers.put(RETRY_AFTER, "1");
            }
            close(Trailers.status(known), trailers);
        } else {
            parts.log().add(id, failure);
            close(Status.INTERNAL.withDescription("internal error; request id " + id), trailers);
        }
    }

    /// Fails a call that is not let in, which the audit log wants to know too.
    ///
    /// @param trailers beside what the failure says itself
    void refuse(RuntimeException failure, Metadata trailers) {
        try {
            parts.audit()
                    .aroundCall(
                            call.getMethodDescriptor().getFullMethodName(),
                            id,
                            this::httpStatus,
                            () -> {
                                throw failure;
                            });
        } catch (RuntimeException e) {
            fail(e, trailers);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nothing was waited for", e);
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
        String method = call.getMethodDescriptor().getFullMethodName();
        long took = parts.nanos().getAsLong() - begin;
        parts.metrics()
                .timer(GatewayMetrics.GRPC, method, code.name())
                .record(took, TimeUnit.NANOSECONDS);
        parts.access().add("POST", "/" + method, Trailers.httpStatus(code), took, id, trace);
    }
}
