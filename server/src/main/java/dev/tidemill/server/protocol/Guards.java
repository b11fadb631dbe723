package dev.tidemill.server.protocol;

import dev.tidemill.http.Bodies;
import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.payload.Payload;
import dev.tidemill.server.payload.PayloadEntry;
import dev.tidemill.server.payload.PayloadLog;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Optional;
import java.util.function.LongSupplier;

/// What happens around requests beside their being answered.
///
/// @param payloads what requests and answers are logged to; empty for nowhere
/// @param bodies ends those that come, or are taken, too slowly; empty for never
/// @param millis since 1970
public record Guards(
        Optional<PayloadLog> payloads, Optional<BodyWatch> bodies, LongSupplier millis) {
    static final Guards NONE = new Guards(Optional.empty(), Optional.empty(), () -> 0);

    Exchange exchange(ServedModel model, ServerRequest request) {
        return payloads.isPresent() && payloads.get().wants(model.name())
                ? new LoggedExchange(payloads.get(), model, request, millis)
                : Exchange.Unlogged.INSTANCE;
    }

    byte[] body(ServerRequest request, long maxBytes, Bodies.Budget budget) {
        return bodies.isEmpty()
                ? Bodies.read(request, maxBytes, budget)
                : bodies.get().reading(budget, watched -> Bodies.read(request, maxBytes, watched));
    }

    void sending(ServerResponse response, byte[] body) {
        if (bodies.isEmpty()) {
            Bodies.sendBytes(response, body);
        } else {
            bodies.get().sending(body.length, () -> Bodies.sendBytes(response, body));
        }
    }

    /// A request that did not come over HTTP has ended. Its messages are in memory as objects only,
    /// and are not logged.
    ///
    /// @param begin of the monotonic clock
    /// @param status as HTTP has them
    void ended(ServedModel model, long begin, long took, int status, String error) {
        if (payloads.isPresent() && payloads.get().wants(model.name())) {
            payloads.get()
                    .add(
                            new PayloadEntry(
                                    millis.getAsLong(),
                                    "call-%x-%x"
                                            .formatted(begin, Thread.currentThread().threadId()),
                                    model.name(),
                                    model.version(),
                                    "grpc",
                                    status,
                                    took,
                                    Payload.NONE,
                                    Payload.NONE,
                                    error));
        }
    }
}
