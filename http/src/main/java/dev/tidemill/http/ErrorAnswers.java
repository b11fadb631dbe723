package dev.tidemill.http;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.ErrorKind;
import dev.tidemill.common.TidemillException;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpException;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.ErrorHandler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The only place where failures become answers.
final class ErrorAnswers implements ErrorHandler<Throwable>, DirectHandler {
    private static final int LONGEST = 8_000;

    private final ErrorBody body;
    private final FailureLog log;

    ErrorAnswers(ErrorBody body, FailureLog log) {
        this.body = body;
        this.log = log;
    }

    /// The whole answer to one who may not connect, whatever it wants.
    byte[] tooManyConnections() {
        byte[] json =
                body.of(
                        ErrorCode.RATE_LIMITED,
                        "connections: 'too many' (expected: fewer from one address)");
        byte[] head =
                ("HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json\r\n"
                                + "Retry-After: 1\r\nConnection: close\r\nContent-Length: "
                                + json.length
                                + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(head, head.length + json.length);
        System.arraycopy(json, 0, all, head.length, json.length);
        return all;
    }

    /// For what fails before routing: broken requests and bodies over the hard limit.
    DirectHandlers direct() {
        DirectHandlers.Builder handlers = DirectHandlers.builder();
        for (EventType type : EventType.values()) {
            handlers.addHandler(type, this);
        }
        return handlers.build();
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response, Throwable failure) {
        switch (failure) {
            case TidemillException known -> {
                if (known.code().kind() == ErrorKind.INTERNAL) {
                    log.add(RequestId.current(), known);
                }
                send(
                        request,
                        response,
                        known.code().httpStatus(),
                        known.code(),
                        cut(String.valueOf(known.getMessage())));
            }
            case HttpException refused when refused.status().code() < 500 -> {
                ErrorCode code = codeOf(refused.status());
                send(
                        request,
                        response,
                        refused.status().code(),
                        code,
                        wording(request, code, refused));
            }
            default -> {
                log.add(RequestId.current(), failure);
                send(
                        request,
                        response,
                        ErrorCode.INTERNAL.httpStatus(),
                        ErrorCode.INTERNAL,
                        "internal error; request id " + RequestId.current());
            }
        }
    }

    @Override
    public TransportResponse handle(
            TransportRequest request,
            EventType type,
            Status status,
            ServerResponseHeaders headers,
            String message) {
        String text = message == null || message.isBlank() ? status.reasonPhrase() : message;
        return TransportResponse.builder()
                .status(status)
                .headers(headers)
                .header(HeaderNames.CONTENT_TYPE, "application/json")
                .entity(body.at(String.valueOf(request.path())).of(codeOf(status), cut(text)))
                .keepAlive(false)
                .build();
    }

    private void send(
            ServerRequest request,
            ServerResponse response,
            int status,
            ErrorCode code,
            String message) {
        response.headers().remove(HeaderNames.CONTENT_LENGTH);
        String path = request.prologue().uriPath().rawPath();
        Bodies.sendJson(response, status, body.at(path).of(code, message));
    }

    /// A message may repeat what the client sent, of which a little is enough to find it.
    private static String cut(String message) {
        return Json.whole(
                message.length() <= LONGEST
                        ? message
                        : message.substring(0, LONGEST / 2)
                                + " ... "
                                + message.substring(message.length() - LONGEST / 2));
    }

    private static String wording(ServerRequest request, ErrorCode code, HttpException refused) {
        return code == ErrorCode.NOT_FOUND
                ? "path: '%s' (expected: a path of this API)"
                        .formatted(request.prologue().uriPath().rawPath())
                : cut(String.valueOf(refused.getMessage()));
    }

    private static ErrorCode codeOf(Status status) {
        return switch (status.code()) {
            case 401 -> ErrorCode.UNAUTHENTICATED;
            case 403 -> ErrorCode.FORBIDDEN;
            case 404 -> ErrorCode.NOT_FOUND;
            case 405 -> ErrorCode.METHOD_NOT_ALLOWED;
            case 413 -> ErrorCode.TOO_LARGE;
            case 503 -> ErrorCode.UNAVAILABLE;
            default -> status.code() < 500 ? ErrorCode.INVALID_REQUEST : ErrorCode.INTERNAL;
        };
    }
}
