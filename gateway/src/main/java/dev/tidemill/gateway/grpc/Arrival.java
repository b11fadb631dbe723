package dev.tidemill.gateway.grpc;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.access.AccessGate;
import dev.tidemill.gateway.access.Caller;
import dev.tidemill.gateway.forward.Permission;
import dev.tidemill.gateway.forward.Traits;
import dev.tidemill.gateway.table.Destination;
import dev.tidemill.gateway.table.ReplicaTable;
import dev.tidemill.routing.FailureKind;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.WritableHeaders;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A call that may come in, and what it brought beside its messages.
///
/// @param table that it is answered by
/// @param headers of the call, as those of an HTTP request
/// @param metadata of the call, as it came
/// @param said what the client is told of limits
record Arrival(
        GrpcParts parts,
        ReplicaTable table,
        Caller caller,
        ServerRequestHeaders headers,
        Metadata metadata,
        ServerResponseHeaders said) {
    static final Metadata.Key<String> REQUEST_ID = Trailers.key("x-request-id");
    private static final List<Metadata.Key<String>> KEYS =
            List.of(
                    Trailers.key(HeaderNames.AUTHORIZATION.defaultCase()),
                    Trailers.key(AccessGate.X_API_KEY.defaultCase()),
                    Trailers.key(AccessGate.API_KEY.defaultCase()));

    /// @param said gets what is said to those who are not let in
    /// @throws TidemillException as [AccessGate#admit] does
    static Arrival admit(
            GrpcParts parts, ServerCall<?, ?> call, Metadata metadata, ServerResponseHeaders said) {
        ReplicaTable table = parts.live().current();
        parts.channels().keep(table);
        ServerRequestHeaders headers = headers(metadata);
        SocketAddress peer = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        Caller caller = table.access().admit(headers, peer, said);
        return new Arrival(parts, table, caller, headers, metadata, said);
    }

    private static ServerRequestHeaders headers(Metadata metadata) {
        WritableHeaders<?> headers = WritableHeaders.create();
        for (String name : metadata.keys()) {
            if (!name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
                Iterable<String> values = metadata.getAll(Trailers.key(name));
                if (values != null) {
                    values.forEach(value -> headers.add(HeaderNames.create(name), value));
                }
            }
        }
        return ServerRequestHeaders.create(headers);
    }

    Traits traits() {
        return new Traits(headers, caller, parts.random());
    }

    /// @throws TidemillException `MODEL_NOT_FOUND` or `FORBIDDEN`
    Destination destination(String model) {
        Destination found = model.isEmpty() ? null : traits().choose(table.byModel(model));
        if (found == null) {
            List<String> names =
                    table.clientModels().stream().filter(caller::mayUseModel).limit(20).toList();
            throw new TidemillException(
                    ErrorCode.MODEL_NOT_FOUND,
                    "model: '%s' (expected: %s)"
                            .formatted(
                                    model,
                                    names.isEmpty()
                                            ? "none is served"
                                            : String.join(" or ", names)));
        }
        Permission.check(caller, found, model);
        return found;
    }

    /// What is sent to a replica: everything but the client's own key.
    Metadata outgoing(String requestId, Destination.Target target) {
        Metadata outgoing = new Metadata();
        outgoing.merge(metadata);
        if (table.access().wantsKeys()) {
            KEYS.forEach(outgoing::discardAll);
        }
        outgoing.discardAll(REQUEST_ID);
        outgoing.put(REQUEST_ID, requestId);
        Destination.Elsewhere elsewhere = target.elsewhere();
        if (elsewhere != null && elsewhere.credential() != null) {
            Metadata.Key<String> key = Trailers.key(elsewhere.credential().name());
            outgoing.discardAll(key);
            outgoing.put(key, elsewhere.credential().get());
        }
        return outgoing;
    }

    /// When the call must have ended: the client's own deadline, or the destination's.
    ///
    /// @param mostNanos that the destination allows
    static long deadline(long nowNanos, long mostNanos) {
        Deadline given = Context.current().getDeadline();
        long left = given == null ? Long.MAX_VALUE : given.timeRemaining(TimeUnit.NANOSECONDS);
        return nowNanos + Math.min(left, mostNanos);
    }

    static CallOptions within(long leftNanos) {
        return CallOptions.DEFAULT.withDeadlineAfter(leftNanos, TimeUnit.NANOSECONDS);
    }

    /// Whether the client has gone, or gave less time than it took: nobody's failure but its own.
    static boolean isClientsOwn(FailureKind kind) {
        Deadline given = Context.current().getDeadline();
        return kind == FailureKind.CLIENT_LEFT
                || (kind == FailureKind.TIMEOUT && given != null && given.isExpired());
    }

    /// What the client is told of limits, as metadata.
    Metadata limits() {
        return Trailers.of(said);
    }
}
