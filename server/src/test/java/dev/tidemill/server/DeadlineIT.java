package dev.tidemill.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.server.RunningServer.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Clients that wait only so long, and clients that let the server wait.
@Timeout(60)
final class DeadlineIT {
    /// 8,980 truths, whose names in the answer are six times as long as they are here. A line of 64
    /// KiB/s may take most of a second for that answer, and that long is waited for its reader.
    private static final int TRUTHS = 8_980;

    private static final String WIDE =
            "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"BOOL\",\"shape\":[4490,2],\"parameters\":{\"binary_data_size\":8980}}]}";

    private static final String INFER = "/v2/models/levels/infer";

    @TempDir Path root;
    private RunningServer server;

    @BeforeEach
    void start() {
        Folders.put(root, "levels", "1", "classifier", "max_batch_size: 4");
        Folders.put(root, "wide", "1", "identity-bool", "max_batch_size: 0");
        server =
                new RunningServer(
                        root,
                        new ServerExtras(
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(500L)));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_request_with_time_enough_is_answered() {
        assertThat(within("60000").status()).isEqualTo(200);
    }

    @Test
    void a_request_that_came_too_late_is_not_run() throws IOException {
        byte[] body = Folders.ROW.getBytes(StandardCharsets.UTF_8);
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(
                    ("POST %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTidemill-Timeout-Ms: 1\r\n"
                                    + "Expect: 100-continue\r\nContent-Length: %d\r\n\r\n")
                            .formatted(INFER, body.length)
                            .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            in.readNBytes("HTTP/1.1 100 Continue\r\n\r\n".length());
            long begin = System.nanoTime();
            while (System.nanoTime() - begin < 2_000_000) {
                Thread.onSpinWait();
            }
            out.write(body);
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 504 ")
                    .contains("deadline: 'too near'");
        }
    }

    @Test
    void refuses_a_time_that_is_none() {
        for (String time : List.of("0", "-1", "soon", "1.5", "86400001")) {
            Answer answer = within(time);
            assertThat(answer.status()).as(time).isEqualTo(400);
            assertThat(answer.error())
                    .isEqualTo("Tidemill-Timeout-Ms: '%s' (expected: 1 to 86400000)", time);
        }
    }

    @Test
    void a_body_that_does_not_come_gives_its_place_back() throws IOException {
        List<Socket> stalled = new ArrayList<>();
        try {
            for (int i = 0; i < RunningServer.MAX_IN_FLIGHT; i++) {
                stalled.add(server.unfinished(INFER, 10));
            }
            assertThat(server.post(INFER, Folders.ROW).status()).isEqualTo(429);
            for (Socket socket : stalled) {
                // Ends when the server ends the connection.
                socket.getInputStream().readAllBytes();
            }
            assertThat(server.post(INFER, Folders.ROW).status()).isEqualTo(200);
            assertThat(server.get("/metrics").body())
                    .contains("tidemill_server_stalled_bodies 4.0");
        } finally {
            for (Socket socket : stalled) {
                socket.close();
            }
        }
    }

    @Test
    void a_body_that_drips_gives_its_place_back() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            out.write(
                    "POST %s HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                            .formatted(INFER)
                            .getBytes(StandardCharsets.US_ASCII));
            Thread dripping =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    while (true) {
                                        out.write("1\r\n \r\n".getBytes(StandardCharsets.US_ASCII));
                                        LockSupport.parkNanos(20_000_000);
                                    }
                                } catch (IOException _) {
                                    // ended, as it should be
                                }
                            });
            assertEnded(socket);
            dripping.interrupt();
        }
        assertThat(server.get("/metrics").body()).contains("tidemill_server_stalled_bodies 1.0");
        assertThat(server.post(INFER, Folders.ROW).status()).isEqualTo(200);
    }

    /// Asks for more than the buffers between hold, and reads nothing.
    @Test
    void a_client_that_does_not_read_its_answers_gives_its_place_back() throws IOException {
        byte[] body = new byte[WIDE.length() + TRUTHS];
        byte[] request =
                ("POST /v2/models/wide/infer HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n"
                                + "Inference-Header-Content-Length: %d\r\n\r\n")
                        .formatted(body.length, WIDE.length())
                        .getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(WIDE.getBytes(StandardCharsets.US_ASCII), 0, body, 0, WIDE.length());
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(4096);
            socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
            OutputStream out = socket.getOutputStream();
            Thread asking =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    while (true) {
                                        out.write(request);
                                        out.write(body);
                                    }
                                } catch (IOException _) {
                                    // ended, as it should be
                                }
                            });
            long end = System.nanoTime() + 20_000_000_000L;
            while (!server.get("/metrics").body().contains("stalled_bodies 1.0")) {
                assertThat(System.nanoTime()).isLessThan(end);
                LockSupport.parkNanos(20_000_000);
            }
            asking.interrupt();
        }
        assertThat(server.post(INFER, Folders.ROW).status()).isEqualTo(200);
        assertThat(server.get("/metrics").body()).contains("tidemill_server_in_flight 0.0");
    }

    private static void assertEnded(Socket socket) {
        try {
            // Also a reset is an end, a time-out is none.
            socket.getInputStream().readAllBytes();
        } catch (SocketException _) {
            // reset
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void answers_a_client_that_has_closed_its_half() throws IOException {
        byte[] body = Folders.ROW.getBytes(StandardCharsets.UTF_8);
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(head(body.length));
            out.write(body);
            socket.shutdownOutput();
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void a_client_that_closes_its_half_within_the_body_gives_its_place_back() throws IOException {
        for (int i = 0; i < 2 * RunningServer.MAX_IN_FLIGHT; i++) {
            try (Socket socket = server.unfinished(INFER, 10)) {
                socket.shutdownOutput();
                socket.getInputStream().readAllBytes();
            }
        }
        assertThat(server.post(INFER, Folders.ROW).status()).isEqualTo(200);
    }

    private Answer within(String millis) {
        return server.send(
                server.request(INFER)
                        .header("Tidemill-Timeout-Ms", millis)
                        .POST(BodyPublishers.ofString(Folders.ROW)));
    }

    private static byte[] head(int length) {
        return "POST %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
                .formatted(INFER, length)
                .getBytes(StandardCharsets.US_ASCII);
    }
}
