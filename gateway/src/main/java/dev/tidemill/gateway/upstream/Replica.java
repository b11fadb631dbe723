package dev.tidemill.gateway.upstream;

import dev.tidemill.routing.Candidate;
import dev.tidemill.routing.FailureKind;
import dev.tidemill.routing.OutlierRule;
import io.helidon.common.buffers.BufferData;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/// A replica as this gateway knows it: its connections, what it is answering for us, and whether it
/// is avoided for having refused a connection. Thread-safe.
public final class Replica {
    /// Longer bodies are passed on while they come.
    public static final int MAX_WHOLE_BYTES = 1 << 20;

    /// Says in an answer which replica gave it.
    public static final HeaderName HEADER = HeaderNames.create("tidemill-replica");

    private final String id;
    private final Header header;
    private final URI url;
    private final Origin grpc;
    private final int grpcPort;
    private final ReplicaConnections connections;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final @Nullable OutlierRule outliers;
    private final ReplicaHealth health;

    /// @param url `http://HOST:PORT`, or `https://HOST`
    /// @param outliers when to leave it alone for failing; null when somebody else watches over it,
    ///   and it is only avoided for a moment after it refused a connection
    /// @param grpcPort where it speaks gRPC; 0 when it does not
    /// @param tls for https
    /// @param rule where its name may lead
    /// @param watch ends attempts that are out of time
    public Replica(
            String id,
            URI url,
            int grpcPort,
            @Nullable OutlierRule outliers,
            Supplier<SSLSocketFactory> tls,
            AddressRule rule,
            ConnectionWatch watch,
            LongSupplier nanos) {
        this.id = id;
        this.header = HeaderValues.createCached(HEADER, id);
        this.url = url;
        this.grpcPort = grpcPort;
        this.outliers = outliers;
        Origin origin = Origin.of(url, tls, rule, outliers == null);
        this.grpc = new Origin(origin.host(), grpcPort, origin.tls(), rule, outliers == null);
        this.connections = new ReplicaConnections(origin, watch, nanos);
        this.health = new ReplicaHealth(outliers, nanos);
    }

    public String id() {
        return id;
    }

    /// [#HEADER] with its id.
    public Header header() {
        return header;
    }

    public URI url() {
        return url;
    }

    /// Where it speaks gRPC; 0 when it does not.
    public int grpcPort() {
        return grpcPort;
    }

    /// Where that is now: a name may have moved.
    ///
    /// @throws IOException when its name is not known, or leads where it may not
    public InetSocketAddress grpcAddress() throws IOException {
        return grpc.address();
    }

    /// Whether what is said to it is encrypted.
    public boolean isSecure() {
        return grpc.tls() != null;
    }

    /// What picking needs to know of it now.
    public Candidate candidate() {
        return new Candidate(id, inFlight.get(), health.ejectedUntilNanos());
    }

    /// Whether it is a server of ours, which somebody else watches over.
    public boolean isOurs() {
        return outliers == null;
    }

    /// When to leave it alone for failing; null when somebody else watches over it.
    public @Nullable OutlierRule outliers() {
        return outliers;
    }

    /// One attempt.
    ///
    /// @param fresh whether to avoid kept connections
    public Answer send(OutgoingRequest request, boolean fresh, Call call) throws AttemptFailed {
        inFlight.incrementAndGet();
        UpstreamConnection connection = null;
        Answer answer = null;
        try {
            connection = connections.take(fresh, call.deadlineNanos());
            answer = exchange(connection, request, call);
            health.learn(answer.status());
            return answer;
        } catch (AttemptFailed e) {
            learn(e.kind());
            throw e;
        } finally {
            if (answer == null) {
                finish(connection, false);
            }
        }
    }

    /// Closes idle connections, and the others when their answer ends.
    public void retire() {
        connections.retire();
    }

    void finish(@Nullable UpstreamConnection connection, boolean reusable) {
        inFlight.decrementAndGet();
        if (connection == null) {
            return;
        }
        if (reusable) {
            connections.give(connection);
        } else {
            connection.close();
        }
    }

    private Answer exchange(UpstreamConnection connection, OutgoingRequest request, Call call)
            throws AttemptFailed {
        AnswerHead head = connection.exchange(request, call);
        BodyFraming framing = framing(connection, head, request);
        BodyReader body = connection.body(framing);
        if (isShort(framing)) {
            byte[] whole = connection.whole(body);
            finish(connection, head.keepAlive());
            return new Answer.Whole(head.status(), head.headers(), whole);
        }
        BufferData first = connection.next(body);
        return new Answer.Streamed(
                head.status(),
                head.headers(),
                new AnswerStream(this, connection, head, body, framing, first));
    }

    private static boolean isShort(BodyFraming framing) {
        return switch (framing) {
            case BodyFraming.None _ -> true;
            case BodyFraming.Length(long bytes) -> bytes <= MAX_WHOLE_BYTES;
            case BodyFraming.Chunked _, BodyFraming.UntilClose _ -> false;
        };
    }

    private static BodyFraming framing(
            UpstreamConnection connection, AnswerHead head, OutgoingRequest request)
            throws AttemptFailed {
        try {
            return head.framing(request.answersWithoutBody());
        } catch (ProtocolException e) {
            throw connection.failed(e, null);
        }
    }

    private void learn(FailureKind failure) {
        health.learn(failure);
        switch (failure) {
            case CONNECT_REFUSED, STALE_CONNECTION -> connections.closeIdle();
            case RESET_BEFORE_ANSWER,
                    CUT_MID_ANSWER_BUFFERED,
                    CUT_AFTER_FIRST_BYTE_SENT,
                    TIMEOUT,
                    CLIENT_LEFT -> {}
        }
    }
}
