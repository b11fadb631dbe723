package dev.tidemill.gateway.grpc;

import dev.tidemill.routing.FailureKind;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.Status;

/// How far one call to a replica has come: gRPC gives one status for what a server says and for
/// what becomes of the connection, and only here is to be seen which it was.
final class Progress extends ClientStreamTracer.Factory {
    private volatile boolean sent;
    private volatile boolean begun;
    private volatile boolean ended;

    @Override
    public ClientStreamTracer newClientStreamTracer(
            ClientStreamTracer.StreamInfo info, Metadata headers) {
        return new ClientStreamTracer() {
            @Override
            public void outboundHeaders() {
                sent = true;
            }

            @Override
            public void inboundHeaders() {
                begun = true;
            }

            @Override
            public void inboundTrailers(Metadata trailers) {
                ended = true;
            }
        };
    }

    /// Whether the call has reached a server.
    boolean isSent() {
        return sent;
    }

    /// Whether the status is the server's own.
    boolean isTold() {
        return ended;
    }

    /// What a status means that is not the server's own.
    ///
    /// @param left whether the client has gone
    FailureKind kind(Status status, boolean left) {
        if (status.getCode() == Status.Code.DEADLINE_EXCEEDED) {
            return FailureKind.TIMEOUT;
        }
        if (left) {
            return FailureKind.CLIENT_LEFT;
        }
        if (!sent) {
            return FailureKind.CONNECT_REFUSED;
        }
        return begun ? FailureKind.CUT_MID_ANSWER_BUFFERED : FailureKind.RESET_BEFORE_ANSWER;
    }
}
