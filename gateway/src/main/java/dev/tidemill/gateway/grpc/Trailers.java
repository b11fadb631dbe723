package dev.tidemill.gateway.grpc;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import io.grpc.Metadata;
import io.grpc.Status;
import io.helidon.http.Header;
import io.helidon.http.Headers;
import java.util.Locale;

/// Says in gRPC what the rest of the gateway says in HTTP.
final class Trailers {
    /// A client ends a call with an error of its own when its headers are longer than 8 KiB
    /// together.
    private static final int LONGEST_MESSAGE = 1000;

    private Trailers() {}

    static Status status(TidemillException refusal) {
        return Status.fromCodeValue(refusal.code().grpcStatus())
                .withDescription(shortened(String.valueOf(refusal.getMessage())));
    }

    /// What HTTP clients would have got: failures are counted, and canaries judged, by it.
    static int httpStatus(Status.Code code) {
        return switch (code) {
            case OK -> 200;
            case CANCELLED -> ErrorCode.CANCELLED.httpStatus();
            case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE -> 400;
            case UNAUTHENTICATED -> 401;
            case PERMISSION_DENIED -> 403;
            case NOT_FOUND -> 404;
            case ALREADY_EXISTS, ABORTED -> 409;
            case RESOURCE_EXHAUSTED -> 429;
            case UNIMPLEMENTED -> 405;
            case UNAVAILABLE -> 503;
            case DEADLINE_EXCEEDED -> 504;
            case UNKNOWN, INTERNAL, DATA_LOSS -> 500;
        };
    }

    /// Headers by the names that they have in HTTP.
    static Metadata of(Headers headers) {
        Metadata metadata = new Metadata();
        for (Header header : headers) {
            metadata.put(key(header.name()), header.get());
        }
        return metadata;
    }

    /// Says what we say, whatever was said of the same before.
    static void replace(Metadata said, Metadata ours) {
        for (String name : ours.keys()) {
            said.discardAll(key(name));
        }
        said.merge(ours);
    }

    static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name.toLowerCase(Locale.ROOT), Metadata.ASCII_STRING_MARSHALLER);
    }

    private static String shortened(String message) {
        return message.length() <= LONGEST_MESSAGE
                ? message
                : message.substring(0, LONGEST_MESSAGE) + " ...";
    }
}
