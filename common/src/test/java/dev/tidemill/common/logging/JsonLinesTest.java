package dev.tidemill.common.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

final class JsonLinesTest {
    private final JsonLines format = new JsonLines("digits-1");

    @Test
    void a_record_is_one_json_object_on_one_line() {
        assertThat(format.format(record("said \"hi\"\n\tand C:\\ \u0001")))
                .isEqualTo(
                        "{\"time\":\"2026-01-02T03:04:05Z\",\"level\":\"INFO\",\"process\":\"digits-1\","
                                + "\"logger\":\"test\",\"message\":\"said \\\"hi\\\"\\n\\tand C:\\\\ \\u0001\"}");
    }

    @Test
    void a_map_adds_its_fields() {
        LogRecord record = record("request");
        record.setParameters(new Object[] {Map.of("status", 200)});
        assertThat(format.format(record)).endsWith("\"message\":\"request\",\"status\":200}");
    }

    @Test
    void a_stack_trace_stays_on_the_line() {
        LogRecord record = record("failed");
        record.setThrown(new IllegalStateException("why"));
        assertThat(format.format(record))
                .contains("\"error\":\"java.lang.IllegalStateException: why\\n")
                .doesNotContain("\n");
    }

    @Test
    void what_grpc_says_of_its_clients_mistakes_is_left_out() {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        LineHandler handler =
                new LineHandler(format, new PrintStream(written, true, StandardCharsets.UTF_8));
        LogRecord mistake = record("Exception processing message");
        mistake.setLoggerName("io.grpc.netty.NettyServerStream");

        handler.publish(mistake);
        handler.publish(record("ready"));

        assertThat(written.toString(StandardCharsets.UTF_8)).hasLineCount(1).contains("ready");
    }

    private static LogRecord record(String message) {
        LogRecord record = new LogRecord(Level.INFO, message);
        record.setLoggerName("test");
        record.setInstant(Instant.parse("2026-01-02T03:04:05Z"));
        return record;
    }
}
