package dev.tidemill.gateway.upstream;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.List;
import java.util.Locale;

/// Status line and headers of an answer.
///
/// @param keepAlive whether the replica keeps the connection
record AnswerHead(int status, Headers headers, boolean keepAlive) {
    private static final int MAX_STATUS_LINE = 1024;
    private static final int MAX_HEADERS = 64 * 1024;
    private static final int MAX_DIGITS = 18;
    private static final int STATUS_AT = "HTTP/1.1 ".length();

    /// Reads the final answer's head; informational ones (1xx) before it are skipped.
    ///
    /// @throws ProtocolException when it is not HTTP/1
    static AnswerHead read(Incoming in) throws IOException {
        while (true) {
            String line = in.line(MAX_STATUS_LINE);
            int status = status(line);
            Headers headers = HeadLines.read(in, MAX_HEADERS);
            if (status >= 200) {
                return new AnswerHead(
                        status, headers, line.startsWith("HTTP/1.1") && keepsAlive(headers));
            }
            if (status == 101) {
                throw new ProtocolException("the protocol was switched unasked");
            }
        }
    }

    /// How the body ends (RFC 9112, section 6.3).
    BodyFraming framing(boolean answersWithoutBody) throws ProtocolException {
        if (answersWithoutBody || status == 204 || status == 304) {
            return new BodyFraming.None();
        }
        boolean hasLength = headers.contains(HeaderNames.CONTENT_LENGTH);
        if (headers.contains(HeaderNames.TRANSFER_ENCODING)) {
            List<String> codings = headers.get(HeaderNames.TRANSFER_ENCODING).allValues();
            if (hasLength
                    || codings.size() != 1
                    || !codings.getFirst().toLowerCase(Locale.ROOT).equals("chunked")) {
                throw new ProtocolException("the end of the body is ambiguous");
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

    private long length() throws ProtocolException {
        List<String> lengths = headers.get(HeaderNames.CONTENT_LENGTH).allValues();
        String length = lengths.getFirst();
        if (lengths.size() != 1
                || length.isEmpty()
                || length.length() > MAX_DIGITS
                || !isDigits(length)) {
            throw new ProtocolException("the length is not one number");
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

    private static int status(String line) throws ProtocolException {
        if (line.length() >= STATUS_AT + 3
                && (line.startsWith("HTTP/1.1 ") || line.startsWith("HTTP/1.0 "))
                && (line.length() == STATUS_AT + 3 || line.charAt(STATUS_AT + 3) == ' ')) {
            String digits = line.substring(STATUS_AT, STATUS_AT + 3);
            if (isDigits(digits) && digits.charAt(0) >= '1') {
                return Integer.parseInt(digits);
            }
        }
        throw new ProtocolException("the status line is not HTTP/1.1");
    }
}
