package dev.tidemill.server.payload;

/// One half of what went over the wire.
///
/// @param contentType as the headers said, empty when they did not
/// @param body unpacked
@SuppressWarnings("ArrayRecordComponent") // compared nowhere
public record Payload(String contentType, byte[] body) {
    public static final Payload NONE = new Payload("", new byte[0]);
}
