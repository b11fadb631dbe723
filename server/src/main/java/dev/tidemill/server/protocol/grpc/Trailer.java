package dev.tidemill.server.protocol.grpc;

/// The message at the end of a failed call. It travels as a header, percent-encoded, and clients
/// end a call with an error of their own when the headers are longer than 8 KiB together; a message
/// may repeat what the client sent.
final class Trailer {
    /// Bytes on the wire.
    static final int LONGEST = 4_000;

    private Trailer() {}

    /// The message, or its beginning and its end.
    static String fit(String message) {
        if (message.length() <= LONGEST / 9 || wire(message, 0, message.length()) <= LONGEST) {
            return message;
        }
        int begin = 0;
        int end = message.length();
        int room = LONGEST / 2;
        for (int left = room; begin < end; begin++) {
            left -= wire(message.charAt(begin));
            if (left < 0) {
                break;
            }
        }
        for (int left = room; end > begin; end--) {
            left -= wire(message.charAt(end - 1));
            if (left < 0) {
                break;
            }
        }
        return message.substring(0, begin) + " ... " + message.substring(end);
    }

    private static int wire(String text, int from, int to) {
        int bytes = 0;
        for (int i = from; i < to; i++) {
            bytes += wire(text.charAt(i));
        }
        return bytes;
    }

    /// At most: three for each byte of UTF-8 that is no plain character.
    private static int wire(char c) {
        if (c >= ' ' && c < 0x7f && c != '%') {
            return 1;
        }
        return c < 0x80 ? 3 : c < 0x800 ? 6 : 9;
    }
}
