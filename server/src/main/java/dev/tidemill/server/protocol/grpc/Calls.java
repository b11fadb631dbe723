package dev.tidemill.server.protocol.grpc;

import dev.tidemill.common.ErrorKind;
import dev.tidemill.common.TidemillException;
import dev.tidemill.grpc.Deflate;
import dev.tidemill.http.FailureLog;
import dev.tidemill.http.Metrics;
import dev.tidemill.http.RequestId;
import dev.tidemill.server.metrics.ServerMetrics;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// What all calls of one method share: how they begin, end, fail and are counted.
final class Calls {
    static final Metadata.Key<String> REQUEST_ID =
            Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> ENCODING =
            Metadata.Key.of("grpc-encoding", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> ACCEPTED =
            Metadata.Key.of("grpc-accept-encoding", Metadata.ASCII_STRING_MARSHALLER);
    private static final Status.Code[] CODES = Status.Code.values();

    private final Factory shared;
    private final String method;
    private final AtomicReferenceArray<Timer> timers = new AtomicReferenceArray<>(CODES.length);

    private Calls(Factory shared, String method) {
        this.shared = shared;
        this.method = method;
    }

    /// @param ids of calls that bring none
    /// @param nanos monotonic clock
    record Factory(Metrics metrics, FailureLog log, Supplier<String> ids, LongSupplier nanos) {
        Calls of(String method) {
            return new Calls(this, method);
        }
    }

    LongSupplier nanos() {
        return shared.nanos();
    }

    /// Answers in the encoding that the client used itself, if it says that it can read it too.
    <A> One<A> begin(ServerCall<Received, A> call, Metadata headers) {
        String encoding = headers.get(ENCODING);
        String accepted = headers.get(ACCEPTED);
        if (encoding != null
                && !encoding.equals("identity")
                && accepted != null
                && Deflate.isOffered(encoding)
                && accepted.contains(encoding)) {
            call.setCompression(encoding);
        }
        String id = RequestId.of(headers.get(REQUEST_ID), shared.ids());
        return new One<>(this, call, id, shared.nanos().getAsLong());
    }

    private void count(Status.Code code, long begin) {
        Timer timer = timers.get(code.value());
        if (timer == null) {
            timer = shared.metrics().timer(ServerMetrics.GRPC, method, code.name());
            timers.set(code.value(), timer);
        }
        timer.record(shared.nanos().getAsLong() - begin, TimeUnit.NANOSECONDS);
    }

    private Status statusOf(Throwable failure, String id) {
        return switch (failure) {
            case TidemillException known -> {
                if (known.code().kind() == ErrorKind.INTERNAL) {
                    shared.log().add(id, known);
                }
                yield Status.fromCodeValue(known.code().grpcStatus())
                        .withDescription(Trailer.fit(String.valueOf(known.getMessage())));
            }
            case StatusRuntimeException status -> status.getStatus();
            default -> {
                shared.log().add(id, failure);
                yield Status.INTERNAL.withDescription("internal error; request id " + id);
            }
        };
    }

    /// One call on its way. It ends once, however it ends. Used by one thread at a time.
    static final class One<A> {
        private final Calls calls;
        private final ServerCall<Received, A> call;
        private final String id;
        private final long begin;
        private boolean answered;
        private volatile boolean ended;

        private One(Calls calls, ServerCall<Received, A> call, String id, long begin) {
            this.calls = calls;
            this.call = call;
            this.id = id;
            this.begin = begin;
        }

        Arrival arrival(Received message) {
            return Arrival.now(id, message.unheld(), calls.shared.nanos());
        }

        ServerCall<Received, A> call() {
            return call;
        }

        void send(A answer) {
            if (!answered) {
                answered = true;
                call.sendHeaders(named());
            }
            call.sendMessage(answer);
        }

        void end() {
            if (!answered) {
                answered = true;
                call.sendHeaders(named());
            }
            close(Status.OK, new Metadata());
        }

        Status statusOf(Throwable failure) {
            return calls.statusOf(failure, id);
        }

        void fail(Throwable failure) {
            close(statusOf(failure), answered ? new Metadata() : named());
        }

        /// The client has gone.
        void gone() {
            if (!ended) {
                ended = true;
                calls.count(Status.Code.CANCELLED, begin);
            }
        }

        private void close(Status status, Metadata trailers) {
            if (!ended) {
                ended = true;
                call.close(status, trailers);
                calls.count(status.getCode(), begin);
            }
        }

        private Metadata named() {
            Metadata headers = new Metadata();
            headers.put(REQUEST_ID, id);
            return headers;
        }
    }
}
