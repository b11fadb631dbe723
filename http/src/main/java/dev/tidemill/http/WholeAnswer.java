package dev.tidemill.http;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerResponse;

/// Sends an answer whose body is at hand as it is.
public final class WholeAnswer {
    private static final byte[] NONE = new byte[0];

    private WholeAnswer() {}

    /// As [ServerResponse#send(byte[])], with one copy of the body and one call of the system for
    /// all of a short answer.
    ///
    /// @param body must not change before this returns
    public static void send(ServerResponse response, byte[] body) {
        if (body.length == 0) {
            response.send(NONE);
            return;
        }
        JoiningWriter writer = Caller.CURRENT.isBound() ? Caller.CURRENT.get().writer() : null;
        int status = response.status().code();
        boolean plain =
                status >= 200
                        && status != 204
                        && status != 205
                        && status != 304
                        && !response.headers().contains(HeaderNames.TRANSFER_ENCODING)
                        && !response.headers().contains(HeaderNames.TRAILER);
        if (writer == null || !plain) {
            response.send(body);
            return;
        }
        response.headers().contentLength(body.length);
        writer.lay(body);
        try {
            response.send(NONE);
        } finally {
            if (!writer.took()) {
                // Whatever failed did so before the head went out.
                response.headers().remove(HeaderNames.CONTENT_LENGTH);
            }
        }
    }
}
