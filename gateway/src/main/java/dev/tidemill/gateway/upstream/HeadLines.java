package dev.tidemill.gateway.upstream;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.http.WritableHeaders;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;

/// Reads header lines (RFC 9112, section 5). What would be something else to the next one who reads
/// it is refused: names that are no tokens, folded lines, control characters.
final class HeadLines {
    private static final BitSet NAME = new BitSet();

    static {
        "!#$%&'*+-.^_`|~".chars().forEach(NAME::set);
        NAME.set('0', '9' + 1);
        NAME.set('A', 'Z' + 1);
        NAME.set('a', 'z' + 1);
    }

    private HeadLines() {}

    /// Up to the empty line, which is read too.
    ///
    /// @param max for all of them together
    static Headers read(Incoming in, int max) throws IOException {
        WritableHeaders<?> headers = WritableHeaders.create();
        int left = max;
        while (true) {
            int end = in.lineEnd(left);
            int at = in.at();
            if (end > at) {
                add(in.bytes(), at, end, headers);
            }
            in.skip(end + 2 - at);
            left -= end + 2 - at;
            if (end == at) {
                return headers;
            }
            if (left < 0) {
                throw new ProtocolException("the headers are too long");
            }
        }
    }

    private static void add(byte[] bytes, int from, int to, WritableHeaders<?> headers)
            throws ProtocolException {
        int colon = from;
        while (colon < to && bytes[colon] >= 0 && NAME.get(bytes[colon])) {
            colon++;
        }
        if (colon == from || colon == to || bytes[colon] != ':') {
            throw new ProtocolException("a header has no name");
        }
        int begin = colon + 1;
        while (begin < to && isBlank(bytes[begin])) {
            begin++;
        }
        int end = to;
        while (end > begin && isBlank(bytes[end - 1])) {
            end--;
        }
        for (int i = begin; i < end; i++) {
            if ((bytes[i] >= 0 && bytes[i] < ' ' && bytes[i] != '\t') || bytes[i] == 0x7f) {
                throw new ProtocolException("a header has a control character");
            }
        }
        HeaderName name = HeaderNames.create(ascii(bytes, from, colon));
        headers.add(HeaderValues.create(name, ascii(bytes, begin, end)));
    }

    private static boolean isBlank(byte at) {
        return at == ' ' || at == '\t';
    }

    private static String ascii(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.US_ASCII);
    }
}
