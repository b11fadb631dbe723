package dev.tidemill.cli.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecordingIT {
    private static final PrintStream NOWHERE = new PrintStream(OutputStream.nullOutputStream());

    @TempDir private Path folder;
    private HttpServer gateway;
    private volatile int finished;
    private Instant now = Instant.parse("2026-11-21T09:00:00Z");

    @BeforeEach
    void start() throws IOException {
        gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        gateway.createContext(
                "/metrics",
                exchange -> {
                    byte[] body =
                            """
                            tidemill_gateway_request_seconds_count{class="2xx",model="digits"} %d
                            tidemill_gateway_request_seconds_count{class="5xx",model="digits"} 2
                            tidemill_gateway_request_seconds_count{class="2xx",model="other"} 5000
                            tidemill_gateway_in_flight{model="digits"} 3
                            """
                                    .formatted(finished)
                                    .getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        gateway.start();
    }

    @AfterEach
    void stop() {
        gateway.stop(0);
    }

    @Test
    void a_model_s_traffic_becomes_a_trace_that_goes_on_where_it_ended() throws IOException {
        Path file = folder.resolve("trace.csv");
        try (Recording recording = recording(file, false)) {
            minute(recording);
            assertThat(recording.lines()).isEqualTo(1);
        }
        assertThat(file).hasContent("minute,count\n2026-11-21T09:00:00Z,60\n");
        try (Recording recording = recording(file, true)) {
            minute(recording);
        }
        assertThat(Files.readAllLines(file))
                .containsExactly(
                        "minute,count", "2026-11-21T09:00:00Z,60", "2026-11-21T09:01:00Z,60");
    }

    @Test
    void a_trace_that_is_there_is_not_overwritten() throws IOException {
        Path file = Files.writeString(folder.resolve("old.csv"), "mine");
        assertThatThrownBy(() -> recording(file, false))
                .hasMessageEndingWith("(expected: a file that is not there yet, or --append)");
        assertThat(file).hasContent("mine");
    }

    private void minute(Recording recording) {
        for (int second = 0; second <= 60; second++) {
            recording.read();
            if (second < 60) {
                now = now.plusSeconds(1);
                finished++;
            }
        }
    }

    private Recording recording(Path file, boolean append) {
        URI admin = URI.create("http://127.0.0.1:" + gateway.getAddress().getPort());
        return new Recording(
                () -> Optional.of(admin), Optional.of("digits"), () -> now, NOWHERE, file, append);
    }
}
