package dev.tidemill.gateway.upstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.WritableHeaders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutgoingRequestTest {
    private static final HeaderSet DROPPED = HeaderSet.of(HeaderNames.AUTHORIZATION);

    @Test
    void headersThatEndHereAreLeftOutAndOthersGoOnLineByLine() throws IOException {
        WritableHeaders<?> headers = WritableHeaders.create();
        headers.set(HeaderNames.HOST, "gateway");
        headers.set(HeaderNames.AUTHORIZATION, "Bearer secret");
        headers.set(HeaderNames.CONNECTION, "keep-alive");
        headers.set(HeaderNames.create("X-Two"), "a", "b");
        headers.set(HeaderNames.CONTENT_LENGTH, "99");

        String sent = sent(headers, "body".getBytes(ISO_8859_1), List.of());

        assertThat(sent)
                .startsWith("POST /v1/x?q=%20 HTTP/1.1\r\n")
                .contains("Host: upstream\r\n", "X-Two: a\r\nX-Two: b\r\n", "Content-Length: 4\r\n")
                .endsWith("\r\n\r\nbody")
                .doesNotContain("gateway", "secret", "keep-alive", "99");
    }

    @Test
    void linesThatAreAddedForATraceStandBehindTheRequestLineAndTheBodyStaysWhole()
            throws IOException {
        byte[] body = "x".repeat(40_000).getBytes(ISO_8859_1);

        String sent = sent(WritableHeaders.create(), body, List.of("traceparent: 00-1"));

        assertThat(sent)
                .startsWith("POST /v1/x?q=%20 HTTP/1.1\r\ntraceparent: 00-1\r\nHost: upstream\r\n")
                .endsWith("\r\n\r\n" + "x".repeat(40_000));
    }

    private static String sent(WritableHeaders<?> headers, byte[] body, List<String> more)
            throws IOException {
        OutgoingRequest request =
                OutgoingRequest.of(
                        Method.POST,
                        "/v1/x?q=%20",
                        headers,
                        List.of(HeaderValues.create(HeaderNames.HOST, "upstream")),
                        DROPPED,
                        body);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        (more.isEmpty() ? request : request.with(more)).writeTo(out);
        ByteArrayOutputStream again = new ByteArrayOutputStream();
        (more.isEmpty() ? request : request.with(more)).writeTo(again);
        assertThat(again.toByteArray()).isEqualTo(out.toByteArray());
        return out.toString(ISO_8859_1);
    }
}
