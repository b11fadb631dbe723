package dev.tidemill.gateway.upstream;

import dev.tidemill.http.tracing.Span;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.Method;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/// A request as it goes on the wire: the same bytes at every attempt.
public final class OutgoingRequest {
    /// Ours to write, or answered by us already.
    private static final HeaderSet REPLACED =
            HeaderSet.of(HeaderNames.CONTENT_LENGTH, HeaderNames.EXPECT);

    /// As above, where this gateway's own span goes on.
    private static final HeaderSet REPLACED_IN_TRACES =
            HeaderSet.of(
                    HeaderNames.CONTENT_LENGTH,
                    HeaderNames.EXPECT,
                    HeaderNames.create("traceparent"),
                    HeaderNames.create("tracestate"));

    private static final int VERSION = " HTTP/1.1\r\n".length();

    /// Head and body go in one write below this, so that they leave in as few packets as possible.
    private static final int JOINED = 16 * 1024;

    /// Nearly every head is shorter.
    private static final int HEAD = 640;

    private static final byte[] NONE = new byte[0];

    private final String method;
    private final String target;
    private final Wire head;
    private final byte[] body;
    private final boolean answersWithoutBody;

    private OutgoingRequest(
            String method, String target, Wire head, byte[] body, boolean answersWithoutBody) {
        this.method = method;
        this.target = target;
        this.head = head;
        this.body = body;
        this.answersWithoutBody = answersWithoutBody;
    }

    /// @param target path and query as they came, percent-encodings and all
    /// @param headers as they came; hop-by-hop ones are left out
    /// @param set headers that replace those that came
    /// @param dropped headers that end here, beside the hop-by-hop ones
    public static OutgoingRequest of(
            Method method,
            String target,
            Headers headers,
            List<Header> set,
            HeaderSet dropped,
            byte[] body) {
        Wire head = new Wire(HEAD + (body.length <= JOINED ? body.length : 0));
        head.add(method.text()).add(' ').add(target).add(" HTTP/1.1\r\n");
        HopByHop hopByHop = HopByHop.of(headers);
        HeaderSet replaced = Span.current().isLive() ? REPLACED_IN_TRACES : REPLACED;
        for (Header header : headers) {
            if (!hopByHop.endsHere(header)
                    && !replaced.contains(header.headerName())
                    && !dropped.contains(header.headerName())
                    && !isNamed(header.headerName(), set)) {
                head.add(header);
            }
        }
        for (int i = 0; i < set.size(); i++) {
            head.add(set.get(i));
        }
        if (body.length > 0 || method.equals(Method.POST)) {
            head.add("Content-Length: ").add(Integer.toString(body.length)).add("\r\n");
        }
        head.add("\r\n");
        boolean joined = head.length() + body.length <= JOINED;
        if (joined) {
            head.add(body, body.length);
        }
        return new OutgoingRequest(
                method.text(), target, head, joined ? NONE : body, method.equals(Method.HEAD));
    }

    /// The same with further headers.
    ///
    /// @param lines `name: value`
    public OutgoingRequest with(List<String> lines) {
        StringBuilder more = new StringBuilder();
        lines.forEach(line -> more.append(line).append("\r\n"));
        int first = method.length() + 1 + target.length() + VERSION;
        Wire longer = new Wire(head.length() + more.length());
        longer.add(head.bytes(), first).add(more.toString());
        longer.add(head.bytes(), first, head.length());
        return new OutgoingRequest(method, target, longer, body, answersWithoutBody);
    }

    public String method() {
        return method;
    }

    /// Without the query.
    public String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    boolean answersWithoutBody() {
        return answersWithoutBody;
    }

    void writeTo(OutputStream out) throws IOException {
        out.write(head.bytes(), 0, head.length());
        if (body.length > 0) {
            out.write(body);
        }
    }

    private static boolean isNamed(HeaderName name, List<Header> headers) {
        for (int i = 0; i < headers.size(); i++) {
            if (headers.get(i).headerName().equals(name)) {
                return true;
            }
        }
        return false;
    }
}
