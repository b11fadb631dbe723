package dev.tidemill.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.server.RunningServer.Answer;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class OverloadIT {
    private static final String INFER = "/v2/models/levels/infer";
    private static final String BODY =
            "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1,4],\"data\":[1,0,0,0]}]}";

    @TempDir Path folder;
    private RunningServer server;

    @BeforeEach
    void start() {
        server =
                new RunningServer(
                        Artifact.classifier(folder, "levels", "middle"),
                        Artifact.text(folder, "colours"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void sheds_requests_beyond_the_limit_and_says_when_to_come_back() throws IOException {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < RunningServer.MAX_IN_FLIGHT; i++) {
                slow.add(server.unfinished(INFER, 10));
            }
            Answer shed = server.post(INFER, BODY);

            assertThat(shed.status()).isEqualTo(429);
            assertThat(shed.error()).isEqualTo("overloaded: 4 of 4 requests in flight");
            assertThat(shed.response().headers().firstValue("retry-after")).hasValue("1");
            assertThat(server.get("/v2/health/ready").status()).isEqualTo(200);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
        assertComesBack();
    }

    @Test
    void sheds_bytes_beyond_the_limit() throws IOException {
        try (Socket first = server.unfinished(INFER, RunningServer.MAX_BODY);
                Socket second = server.unfinished(INFER, RunningServer.MAX_BODY - 10)) {
            first.getOutputStream().write(new byte[RunningServer.MAX_BODY - 1]);
            second.getOutputStream().write(new byte[RunningServer.MAX_BODY - 11]);
            awaitHeld(2 * RunningServer.MAX_BODY - 10);
            Answer shed = server.post(INFER, BODY);

            assertThat(shed.status()).isEqualTo(429);
            assertThat(shed.error()).contains("of request bodies in flight");
        }
        assertComesBack();
    }

    @Test
    void refuses_for_good_what_needs_more_memory_than_there_is() {
        String texts = "\"a\",".repeat(2_000);
        Answer refused =
                server.post(
                        "/v2/models/colours/infer",
                        "{\"inputs\":[{\"name\":\"text\",\"datatype\":\"BYTES\",\"shape\":[2000],\"data\":[%s]}]}"
                                .formatted(texts.substring(0, texts.length() - 1)));

        assertThat(refused.status()).isEqualTo(413);
        assertThat(refused.response().headers().firstValue("retry-after")).isEmpty();
    }

    /// Blocks are counted as they come.
    private void awaitHeld(int bytes) {
        String held = "tidemill_server_in_flight_bytes %.1f\n".formatted((double) bytes);
        while (!server.get("/metrics").body().contains(held)) {
            Thread.onSpinWait();
        }
    }

    /// The server notices closed connections in its own time.
    private void assertComesBack() {
        Answer answer = server.post(INFER, BODY);
        for (int i = 0; i < 10_000 && answer.status() == 429; i++) {
            answer = server.post(INFER, BODY);
        }
        assertThat(answer.status()).isEqualTo(200);
    }
}
