package dev.tidemill.server.protocol;

import dev.tidemill.common.TidemillException;
import io.helidon.http.Header;
import io.helidon.http.HeaderValues;
import java.util.List;
import java.util.Optional;

/// A good answer over HTTP: 200 with these headers and this body.
///
/// @param sent whether the client has it already, so that nothing is left to do
/// @param failure what an answer that had begun ended with
@SuppressWarnings("ArrayRecordComponent") // compared nowhere
public record Reply(
        byte[] body,
        Header contentType,
        List<Header> more,
        boolean sent,
        Optional<TidemillException> failure) {
    private static final byte[] NOTHING = new byte[0];

    public Reply(byte[] body, Header contentType, List<Header> more) {
        this(body, contentType, more, false, Optional.empty());
    }

    /// One that was sent while it was made.
    public static Reply sent(Header contentType, Optional<TidemillException> failure) {
        return new Reply(NOTHING, contentType, List.of(), true, failure);
    }

    public static Reply json(byte[] body) {
        return new Reply(body, HeaderValues.CONTENT_TYPE_JSON, List.of());
    }
}
