package dev.tidemill.server.payload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(20)
final class PayloadLogTest {
    private final List<String> written = new CopyOnWriteArrayList<>();

    @TempDir Path folder;

    @Test
    void writes_what_it_took_in_order_and_before_it_ends() {
        try (PayloadLog log = new PayloadLog(terms(1, 100, 1 << 20), this::keep)) {
            for (int i = 0; i < 50; i++) {
                log.add(entry("id" + i, "body"));
            }
        }
        assertThat(written).hasSize(50).startsWith("id0", "id1").endsWith("id49");
    }

    @Test
    void drops_and_counts_what_there_is_no_room_for_and_never_waits() throws Exception {
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        PayloadLog log =
                new PayloadLog(
                        terms(1, 3, 1 << 20),
                        entry -> {
                            writing.countDown();
                            await(release);
                            keep(entry);
                        });
        log.add(entry("first", ""));
        writing.await();
        for (int i = 0; i < 10; i++) {
            log.add(entry("id" + i, ""));
        }
        assertThat(log.dropped()).isEqualTo(7);
        release.countDown();
        log.close();
        assertThat(written).containsExactly("first", "id0", "id1", "id2");
        log.add(entry("late", ""));
        assertThat(log.dropped()).isEqualTo(8);
    }

    @Test
    void bounds_the_bytes_that_wait() throws Exception {
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (PayloadLog log =
                new PayloadLog(
                        terms(1, 100, 5_000),
                        _ -> {
                            writing.countDown();
                            await(release);
                        })) {
            log.add(entry("first", ""));
            writing.await();
            log.add(entry("large", "x".repeat(4_000)));
            log.add(entry("larger", "x".repeat(4_000)));
            log.add(entry("largest", "x".repeat(10_000)));
            assertThat(log.dropped()).isEqualTo(2);
            release.countDown();
        }
    }

    @Test
    void goes_on_after_a_sink_that_failed() {
        PayloadLog log =
                new PayloadLog(
                        terms(1, 100, 1 << 20),
                        entry -> {
                            if (entry.id().equals("bad")) {
                                throw new IOException("disk full");
                            }
                            keep(entry);
                        });
        log.add(entry("bad", ""));
        log.add(entry("good", ""));
        log.close();
        assertThat(written).containsExactly("good");
        assertThat(log.failed()).isEqualTo(1);
        assertThat(log.written()).isEqualTo(1);
    }

    @Test
    void samples_about_the_share_it_was_told() {
        try (PayloadLog tenth = new PayloadLog(terms(0.1, 1, 1), this::keep);
                PayloadLog none = new PayloadLog(terms(0, 1, 1), this::keep);
                PayloadLog one =
                        new PayloadLog(new PayloadLog.Terms(Set.of("m"), 1, 1, 1), this::keep)) {
            int taken = 0;
            for (int i = 0; i < 10_000; i++) {
                taken += tenth.wants("m") ? 1 : 0;
                assertThat(none.wants("m")).isFalse();
            }
            assertThat(taken).isBetween(900, 1_100);
            assertThat(one.wants("m")).isTrue();
            assertThat(one.wants("other")).isFalse();
        }
    }

    @Test
    void a_full_file_is_put_aside_and_the_oldest_is_deleted() throws IOException {
        Path file = folder.resolve("payloads.jsonl");
        try (FileSink sink = new FileSink(file, 1_000, 2)) {
            for (int i = 0; i < 20; i++) {
                sink.write(entry("id" + i, "x".repeat(200)));
            }
        }
        assertThat(file).exists();
        assertThat(folder.resolve("payloads.jsonl.1")).exists();
        assertThat(folder.resolve("payloads.jsonl.2")).exists();
        assertThat(folder.resolve("payloads.jsonl.3")).doesNotExist();
        try (var files = Files.list(folder)) {
            assertThat(files).allSatisfy(one -> assertThat(Files.size(one)).isLessThan(1_001));
        }
        assertThat(Files.readString(file)).contains("\"id19\"");
    }

    @Test
    void a_line_is_json_with_bytes_that_are_no_text_in_base64() throws IOException {
        Path file = folder.resolve("payloads.jsonl");
        try (FileSink sink = new FileSink(file, 1_000, 0)) {
            sink.write(
                    new PayloadEntry(
                            0,
                            "a",
                            "m",
                            "1",
                            "/v2/models/m/infer",
                            400,
                            1_500_000,
                            new Payload("application/octet-stream", new byte[] {(byte) 0xff, 0}),
                            Payload.NONE,
                            "inputs: 'x'"));
        }
        JsonNode line = JsonMapper.shared().readTree(Files.readString(file));
        assertThat(line.get("time").asString()).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(line.get("status").asInt()).isEqualTo(400);
        assertThat(line.get("millis").asDouble()).isEqualTo(1.5);
        assertThat(line.get("error").asString()).isEqualTo("inputs: 'x'");
        assertThat(line.at("/request/body_base64").asString()).isEqualTo("/wA=");
        assertThat(line.at("/response/bytes").asInt()).isZero();
    }

    private void keep(PayloadEntry entry) {
        written.add(entry.id());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static PayloadLog.Terms terms(double sampling, int entries, long bytes) {
        return new PayloadLog.Terms(Set.of(), sampling, entries, bytes);
    }

    private static PayloadEntry entry(String id, String body) {
        return new PayloadEntry(
                0,
                id,
                "m",
                "1",
                "/p",
                200,
                1,
                new Payload("text/plain", body.getBytes(StandardCharsets.UTF_8)),
                Payload.NONE,
                "");
    }
}
