package dev.tidemill.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/// What servers of language models do, the bad days included, for [FakeUpstream].
public final class LlmScripts {
    private static final String EVENTS_HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n";
    private static final String END = "0\r\n\r\n";

    private LlmScripts() {}

    /// A whole answer.
    public static FakeUpstream.Script json(String body) {
        return FakeUpstream.answering(200, Map.of("Content-Type", "application/json"), body);
    }

    /// A stream, one write for each piece; a piece need not be a whole event.
    public static FakeUpstream.Script events(String... pieces) {
        return (_, connection) -> {
            connection.write(EVENTS_HEAD);
            for (String piece : pieces) {
                chunk(connection, piece);
            }
            connection.write(END);
        };
    }

    /// A stream that says it is done and whose body never ends.
    public static FakeUpstream.Script eventsWithoutEnd(String... pieces) {
        return (_, connection) -> {
            connection.write(EVENTS_HEAD);
            for (String piece : pieces) {
                chunk(connection, piece);
            }
            connection.awaitEnd();
        };
    }

    /// A stream whose connection ends in the middle.
    public static FakeUpstream.Script eventsThenCut(String... pieces) {
        return (_, connection) -> {
            connection.write(EVENTS_HEAD);
            for (String piece : pieces) {
                chunk(connection, piece);
            }
            connection.close();
        };
    }

    /// A stream whose pieces go out when the latches before them open.
    public static FakeUpstream.Script eventsAfter(CountDownLatch before, String... pieces) {
        return (request, connection) -> {
            before.await();
            events(pieces).answer(request, connection);
        };
    }

    public static FakeUpstream.Script rateLimited(String retryAfter) {
        return FakeUpstream.answering(
                429,
                Map.of("Content-Type", "application/json", "Retry-After", retryAfter),
                "{\"error\":{\"message\":\"slow down\",\"type\":\"requests\",\"param\":null,\"code\":\"rate_limit_exceeded\"}}");
    }

    /// Reads the request and says nothing until the other side leaves.
    ///
    /// @param asked opens when a request was read
    /// @param left opens when the other side has left
    public static FakeUpstream.Script silent(CountDownLatch asked, CountDownLatch left) {
        return (_, connection) -> {
            asked.countDown();
            try {
                connection.awaitEnd();
            } finally {
                left.countDown();
            }
        };
    }

    /// Begins a stream and says no more until the other side leaves.
    ///
    /// @param left opens when the other side has left
    public static FakeUpstream.Script silentAfter(CountDownLatch left, String... pieces) {
        return (_, connection) -> {
            connection.write(EVENTS_HEAD);
            for (String piece : pieces) {
                chunk(connection, piece);
            }
            try {
                connection.awaitEnd();
            } finally {
                left.countDown();
            }
        };
    }

    /// Ends its sending half within the head of an answer and keeps the other half open.
    public static FakeUpstream.Script halfClosing() {
        return (_, connection) -> {
            connection.write("HTTP/1.1 200 OK\r\nContent-Type: appl");
            connection.halfClose();
            connection.awaitEnd();
        };
    }

    private static void chunk(FakeUpstream.Connection connection, String piece) throws IOException {
        byte[] bytes = piece.getBytes(StandardCharsets.UTF_8);
        byte[] head =
                (Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[head.length + bytes.length + 2];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(bytes, 0, all, head.length, bytes.length);
        all[all.length - 2] = '\r';
        all[all.length - 1] = '\n';
        connection.write(all);
    }
}
