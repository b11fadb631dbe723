package dev.tidemill.server.protocol;

import io.helidon.http.Header;
import io.helidon.http.HeaderValues;
import java.util.List;

/// A good answer over HTTP: 200 with these headers and this body.
@SuppressWarnings("ArrayRecordComponent") // compared nowhere
public record Reply(byte[] body, Header contentType, List<Header> more) {
    public static Reply json(byte[] body) {
        return new Reply(body, HeaderValues.CONTENT_TYPE_JSON, List.of());
    }
}
