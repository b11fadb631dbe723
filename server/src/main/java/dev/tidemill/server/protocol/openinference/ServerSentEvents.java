package dev.tidemill.server.protocol.openinference;

import dev.tidemill.common.TidemillException;
import dev.tidemill.http.ErrorBody;
import dev.tidemill.server.protocol.Reply;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An answer as server-sent events, each `data: JSON` and an empty line, each sent at once. The
/// status goes out with the first.
final class ServerSentEvents {
    private static final Header TYPE =
            HeaderValues.create(HeaderNames.CONTENT_TYPE, "text/event-stream; charset=utf-8");
    private static final Header FRESH = HeaderValues.create(HeaderNames.CACHE_CONTROL, "no-cache");
    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);

    private final ServerResponse response;
    private @Nullable OutputStream out;

    ServerSentEvents(ServerResponse response) {
        this.response = response;
    }

    boolean hasBegun() {
        return out != null;
    }

    /// @param json without line ends
    /// @throws CloseConnectionException when the client has left
    void send(byte[] json) {
        send(json, Status.OK_200);
    }

    /// After the last one.
    Reply end() {
        return end(Optional.empty());
    }

    /// Tells of the failure in the stream, whose status may have gone out as 200.
    Reply fail(TidemillException why) {
        send(
                ErrorBody.PLAIN.of(why.code(), String.valueOf(why.getMessage())),
                Status.create(why.code().httpStatus()));
        return end(Optional.of(why));
    }

    private void send(byte[] json, Status status) {
        ByteArrayOutputStream event =
                new ByteArrayOutputStream(DATA.length + json.length + END.length);
        event.writeBytes(DATA);
        event.writeBytes(json);
        event.writeBytes(END);
        try {
            OutputStream to = open(status);
            event.writeTo(to);
            to.flush();
        } catch (IOException | UncheckedIOException e) {
            throw gone(e);
        }
    }

    private Reply end(Optional<TidemillException> failure) {
        try {
            open(Status.OK_200).close();
        } catch (IOException | UncheckedIOException e) {
            throw gone(e);
        }
        return Reply.sent(TYPE, failure);
    }

    private OutputStream open(Status status) {
        OutputStream to = out;
        if (to == null) {
            response.status(status);
            response.header(TYPE);
            response.header(FRESH);
            to = response.outputStream();
            out = to;
        }
        return to;
    }

    private static CloseConnectionException gone(Exception e) {
        return new CloseConnectionException("the client left before its answer ended", e);
    }
}
