package dev.tidemill.gateway.upstream;

import io.helidon.common.buffers.DataReader;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.http.Http1HeadersParser;
import java.util.List;
import java.util.Locale;

/// Status line and headers of an answer.
///
/// @param keepAlive whether the replica keeps the connection
record AnswerHead(int status, Headers headers, boolean keepAlive) {
    private static final int MAX_STATUS_LINE = 1024;
    private static final int MAX_HEADERS = 64 * 1024;
    private static final int STATUS_AT = "HTTP/1.1 ".length();

    /// Reads the final answer's head; informational ones (1xx) before it are skipped.
    ///
    /// @throws IllegalArgumentException when it is not HTTP/1
    static AnswerHead read(DataReader reader) {
        while (true) {
            int end = reader.findNewLine(MAX_STATUS_LINE);
            if (end == MAX_STATUS_LINE) {
                throw new IllegalArgumentException("the status line is too long");
            }
            String line = reader.readAsciiString(end);
            reader.skip(2);
            int status = status(line);
            Headers headers = Http1HeadersParser.readHeaders(reader, MAX_HEADERS, false);
            if (status >= 200) {
                return new AnswerHead(
                        status, headers, line.startsWith("HTTP/1.1") && keepsAlive(headers));
            }
            if (status == 101) {
                throw new IllegalArgumentException("the protocol was switched unasked");
            }
        }
    }

    /// How the body ends (RFC 9112, section 6.3).
    BodyFraming framing(boolean answersWithoutBody) {
        if (answersWithoutBody || status == 204 || status == 304) {
            return new BodyFraming.None();
        }
        boolean hasLength = headers.contains(HeaderNames.CONTENT_LENGTH);
        if (headers.contains(HeaderNames.TRANSFER_ENCODING)) {
            List<String> codings = headers.get(HeaderNames.TRANSFER_ENCODING).allValues();
            if (hasLength
                    || codings.size() != 1
                    || !codings.getFirst().toLowerCase(Locale.ROOT).equals("chunked")) {
                throw new IllegalArgumentException("the end of the body is ambiguous");
            }
            return new BodyFraming.Chunked();
        }
        return hasLength ? new BodyFraming.Length(length()) : new BodyFraming.UntilClose();
    }

    /// Looks for the usual value first: looking for a token is slow.
    private static boolean keepsAlive(Headers headers) {
        return !headers.contains(HeaderNames.CONNECTION)
                || headers.get(HeaderNames.CONNECTION).get().equalsIgnoreCase("keep-alive")
                || !headers.containsToken(HeaderValues.CONNECTION_CLOSE);
    }

    private long length() {
        List<String> lengths = headers.get(HeaderNames.CONTENT_LENGTH).allValues();
        String length = lengths.getFirst();
        if (lengths.size() != 1 || length.isEmpty() || !isDigits(length)) {
            throw new IllegalArgumentException("the length is not one number");
        }
        return Long.parseLong(length);
    }

    private static boolean isDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static int status(String line) {
        if (line.length() >= STATUS_AT + 3
                && (line.startsWith("HTTP/1.1 ") || line.startsWith("HTTP/1.0 "))
                && (line.length() == STATUS_AT + 3 || line.charAt(STATUS_AT + 3) == ' ')) {
            String digits = line.substring(STATUS_AT, STATUS_AT + 3);
            if (isDigits(digits) && digits.charAt(0) >= '1') {
                return Integer.parseInt(digits);
            }
        }
        throw new IllegalArgumentException("the status line is not HTTP/1.1");
    }
}
