package dev.tidemill.gateway.grpc;

import dev.tidemill.gateway.upstream.Replica;
import dev.tidemill.http.tracing.Span;
import dev.tidemill.routing.FailureKind;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// One message to one replica and its answer, waited for. When the client leaves, gRPC cancels the
/// call to the replica, because it is made within the context of the client's call.
final class UnaryExchange extends ClientCall.Listener<InputStream> {
    static final Metadata.Key<String> REPLICA = Trailers.key(Replica.HEADER.defaultCase());

    private final CompletableFuture<Reply> whole = new CompletableFuture<>();

    /// Of the transport's thread.
    private @Nullable Metadata headers;

    private @Nullable InputStream message;

    private UnaryExchange() {}

    /// @param options with the deadline
    /// @param headers for this attempt alone
    static Result<Reply> run(
            Peer peer,
            MethodDescriptor<byte[], InputStream> method,
            CallOptions options,
            Metadata headers,
            byte[] message)
            throws InterruptedException {
        ManagedChannel channel;
        try {
            channel = peer.channel();
        } catch (IOException e) {
            peer.failed(FailureKind.CONNECT_REFUSED, null);
            return new Result.Failed<>(FailureKind.CONNECT_REFUSED);
        }
        Span span = AttemptSpan.begin(peer, method, headers);
        Progress progress = new Progress();
        UnaryExchange exchange = new UnaryExchange();
        ClientCall<byte[], InputStream> call =
                channel.newCall(method, options.withStreamTracerFactory(progress));
        peer.begin();
        try {
            call.start(exchange, headers);
            // One more, so that a second message is an error of the call.
            call.request(2);
            call.sendMessage(message);
            call.halfClose();
            Result<Reply> result = exchange.result(peer, channel, progress);
            AttemptSpan.end(span, result);
            return result;
        } catch (InterruptedException e) {
            call.cancel("the gateway ends", e);
            throw e;
        } finally {
            span.end();
            peer.end();
        }
    }

    private Result<Reply> result(Peer peer, ManagedChannel channel, Progress progress)
            throws InterruptedException {
        Reply reply;
        try {
            reply = whole.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("never completed so", e);
        }
        Status status = reply.status();
        if (status.isOk()
                || progress.isTold()
                || status.getCode() == Status.Code.RESOURCE_EXHAUSTED) {
            if (reply.headers() != null) {
                reply.headers().discardAll(REPLICA);
                reply.headers().put(REPLICA, peer.id());
            }
            peer.answered(status.getCode());
            return new Result.Answered<>(reply, status.getCode());
        }
        reply.close();
        FailureKind kind = progress.kind(status, Context.current().isCancelled());
        peer.failed(kind, channel);
        return new Result.Failed<>(kind);
    }

    @Override
    public void onHeaders(Metadata given) {
        headers = given;
    }

    @Override
    public void onMessage(InputStream given) {
        if (message != null) {
            Bytes.drop(message);
        }
        message = given;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        whole.complete(new Reply(headers, message, status, trailers));
    }
}
