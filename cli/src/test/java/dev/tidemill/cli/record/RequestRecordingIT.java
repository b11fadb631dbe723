package dev.tidemill.cli.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.tidemill.rehearsal.trace.RequestLines;
import dev.tidemill.rehearsal.trace.Trace;
import dev.tidemill.rehearsal.trace.TraceOptions;
import dev.tidemill.rehearsal.trace.TraceReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RequestRecordingIT {
    private static final String CHAT =
            """
            {"timestamp":"2026-11-21T09:00:01.500Z","model":"chat","inputTokens":700,"outputTokens":30,"millis":1500.25,"status":200}\
            """;
    private static final String LATER =
            """
            {"timestamp":"2026-11-21T09:00:01.000Z","model":"chat","inputTokens":100,"outputTokens":50,"millis":2500,"status":200}\
            """;
    private static final String DIGITS =
            """
            {"timestamp":"2026-11-21T09:00:02Z","model":"digits","millis":2.5,"status":200}\
            """;

    @TempDir private Path folder;
    private final Deque<String> pieces = new ArrayDeque<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream told = new ByteArrayOutputStream();
    private HttpServer gateway;

    @BeforeEach
    void start() throws IOException {
        gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        gateway.createContext(
                "/requests",
                exchange -> {
                    asked.add(exchange.getRequestURI().getQuery());
                    byte[] body =
                            Optional.ofNullable(pieces.poll())
                                    .orElse(piece(9, 3, 0))
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
    void what_is_recorded_can_be_played_request_by_request() throws IOException {
        Path file =
                record(Optional.of("chat"), piece(9, 0, 0), piece(9, 3, 0, CHAT, LATER, DIGITS));
        assertThat(asked).startsWith("tape=0&after=0", "tape=9&after=0");

        TraceOptions options = TraceOptions.of(ZoneOffset.UTC);
        List<String> lines = Files.readAllLines(file);
        Trace trace = TraceReader.read(lines.iterator(), options);
        assertThat(trace.requests()).isTrue();
        assertThat(trace.tokens()).isTrue();
        assertThat(trace.rows()).isEqualTo(2);
        assertThat(trace.meanPrompt()).isEqualTo(400);
        assertThat(trace.meanOutput()).isEqualTo(40);
        assertThat(trace.took().orElseThrow().meanSeconds()).isEqualTo(2.000125);

        RequestLines requests = new RequestLines(lines.iterator(), options, trace.disorderMillis());
        assertThat(requests.next()).isTrue();
        assertThat(requests.prompt()).as("in order of their coming").isEqualTo(100);
        assertThat(requests.next()).isTrue();
        assertThat(requests.atSeconds() % 60).isEqualTo(1.5);
        assertThat(requests.output()).isEqualTo(30);
        assertThat(requests.next()).isFalse();
    }

    @Test
    void one_model_of_a_recording_of_all_can_be_played() throws IOException {
        Path file = record(Optional.empty(), piece(9, 0, 0), piece(9, 3, 0, DIGITS, CHAT, LATER));
        List<String> lines = Files.readAllLines(file);
        TraceOptions options = TraceOptions.of(ZoneOffset.UTC);
        Trace digits = TraceReader.read(lines.iterator(), options.withModel("digits"));
        assertThat(digits.rows()).isEqualTo(1);
        assertThat(digits.tokens()).isFalse();
        assertThat(TraceReader.read(lines.iterator(), options.withModel("chat")).tokens()).isTrue();
    }

    @Test
    void what_was_lost_is_said() throws IOException {
        record(Optional.empty(), piece(9, 0, 0), piece(9, 20, 17, CHAT), piece(10, 0, 0));
        assertThat(told.toString(StandardCharsets.UTF_8))
                .contains("17 requests came faster than they were read: missing")
                .contains("the gateway was started anew: requests may be missing");
    }

    private Path record(Optional<String> model, String... answers) {
        pieces.addAll(List.of(answers));
        Path file = folder.resolve("requests.jsonl");
        URI admin = URI.create("http://127.0.0.1:" + gateway.getAddress().getPort());
        try (RequestRecording recording =
                new RequestRecording(
                        () -> Optional.of(admin),
                        model,
                        new PrintStream(told, true, StandardCharsets.UTF_8),
                        file,
                        false)) {
            recording.read();
            recording.read();
        }
        return file;
    }

    private static String piece(long tape, long next, long missed, String... requests) {
        List<String> all = new ArrayList<>(List.of(requests));
        return "{\"tape\":%d,\"next\":%d,\"missed\":%d,\"requests\":[%s]}"
                .formatted(tape, next, missed, String.join(",", all));
    }
}
