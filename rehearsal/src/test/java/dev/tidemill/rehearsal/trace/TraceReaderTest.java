package dev.tidemill.rehearsal.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tidemill.rehearsal.MinuteTrace;
import dev.tidemill.rehearsal.trace.TraceOptions.Holes;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TraceReaderTest {
    private static final TraceOptions UTC = TraceOptions.of(ZoneOffset.UTC);

    @Test
    void rows_become_minutes_and_a_hole_holds_the_count_before_it() {
        Trace trace =
                read(
                        "minute,count",
                        "1995-07-01 00:00:00,42",
                        "1995-07-01 00:01:00,40",
                        "1995-07-01 00:04:00,7",
                        "");
        assertThat(counts(trace)).containsExactly(42, 40, 40, 40, 7);
        assertThat(trace.minutes().filled()).isEqualTo(2);
        assertThat(trace.notes()).anyMatch(note -> note.contains("2 minutes are missing"));
        assertThat(start(trace)).hasToString("1995-07-01T00:00:00Z");
        assertThat(trace.requests()).isFalse();
    }

    @Test
    void holes_are_zero_when_that_is_said() {
        Trace trace =
                TraceReader.read(
                        List.of("2026-01-01 00:00,4", "2026-01-01 00:01,4", "2026-01-01 00:03,1")
                                .iterator(),
                        UTC.with(Holes.ZERO));
        assertThat(counts(trace)).containsExactly(4, 4, 0, 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "minute,count;2026-01-01 00:00:00,3;2026-01-01 00:01:00,4",
                "timestamp;count~2026-01-01T00:00:00Z;3~2026-01-01T00:01:00Z;4",
                "\uFEFFminute,count;2026-01-01 00:00:00,3;2026-01-01 00:01:00,4",
                "\"time\",\"requests\";\"2026-01-01 00:00:00\",\"3\";\"2026-01-01 00:01:00\",\"4\"",
                "2026-01-01 00:00:00,3;2026-01-01 00:01:00,4",
                "2026/1/1 0:00,3;2026/1/1 0:01,4",
                "2026-01-01T08:00:00+08:00,3;2026-01-01T08:01:00+08:00,4",
                "time,host,count;1767225600,a,3;1767225660,a,4",
                "time,count;1767225600000,3;1767225660000,4",
                "ts,value;1767225600.000,3;1767225660.000,4",
                "minute,count;1767225600,3;1767225660,4",
                "minute,count;1767225600000000,3;1767225660000000,4",
                "minute,count;29453760,3;29453761,4",
                "timestamp_s,count;1767225600,3;1767225660,4",
                "{\"minute\":1767225600,\"count\":3};{\"minute\":1767225660,\"count\":4}",
                "# made by hand;minute,count;;2026-01-01 00:00:00,3; 2026-01-01 00:01:00 , 4",
                "{\"timestamp\":\"2026-01-01T00:00:00Z\",\"count\":3};{\"count\":4,\"timestamp\":\"2026-01-01T00:01:00Z\",\"x\":{\"y\":[1]}}",
                "time,users;2026-01-01 00:00:00,3;2026-01-01 00:01:00,4",
                "timestamp\tcount;2026-01-01 00:00:00\t3;2026-01-01 00:01:00\t4",
            })
    void usual_layouts_are_read(String lines) {
        Trace trace = read(lines.split(lines.contains("~") ? "~" : ";"));
        assertThat(counts(trace)).containsExactly(3, 4);
        assertThat(start(trace)).hasToString("2026-01-01T00:00:00Z");
    }

    @Test
    void lines_that_end_as_on_windows_are_the_same() {
        assertThat(counts(read("minute,count\r", "2026-01-01 00:00:00,3\r", "\r")))
                .containsExactly(3);
    }

    @Test
    void shorter_steps_are_summed_longer_ones_spread_and_rates_multiplied() {
        assertThat(
                        counts(
                                read(
                                        "2026-01-01 00:00:00,1",
                                        "2026-01-01 00:00:30,2",
                                        "2026-01-01 00:01:00,3")))
                .containsExactly(3, 3);
        Trace hours = read("2026-01-01 00:00:00,60", "2026-01-01 01:00:00,120");
        assertThat(hours.minutes().minutes()).isEqualTo(120);
        assertThat(hours.minutes().count(0)).isEqualTo(1);
        assertThat(hours.minutes().count(119)).isEqualTo(2);
        assertThat(hours.notes()).anyMatch(note -> note.contains("3600 s apart"));
        assertThat(counts(read("time,rps", "2026-01-01 00:00,2", "2026-01-01 00:01,0.5")))
                .containsExactly(120, 30);
    }

    @Test
    void a_rate_whose_rows_come_closer_later_on_is_refused_and_counts_are_summed() {
        List<String> rows = new ArrayList<>();
        for (int second = 0; second < 600; second += second < 200 ? 10 : 1) {
            rows.add("2026-01-01 00:%02d:%02d,1".formatted(second / 60, second % 60));
        }
        List<String> rates = new ArrayList<>(List.of("time,rps"));
        rates.addAll(rows);
        assertThatThrownBy(() -> read(rates.toArray(String[]::new)))
                .isInstanceOf(TraceException.class)
                .hasMessageContaining("line 23: '2026-01-01 00:03:21,1'")
                .hasMessageContaining("rows 10 s apart, as the first ones are");
        assertThat(counts(read(rows.toArray(String[]::new))))
                .containsExactly(6, 6, 6, 42, 60, 60, 60, 60, 60, 60);
    }

    @Test
    void requests_with_tokens_are_counted_by_their_own_times() {
        Trace azure =
                read(
                        "TIMESTAMP,ContextTokens,GeneratedTokens",
                        "2023-11-16 18:15:46.6805900,374,44",
                        "2023-11-16 18:15:50.9951690,396,109",
                        "2023-11-16 18:17:01.0,100,1");
        assertThat(counts(azure)).containsExactly(2, 0, 1);
        assertThat(azure.requests()).isTrue();
        assertThat(azure.tokens()).isTrue();
        assertThat(azure.meanPrompt()).isCloseTo(290, within(1e-9));
        Trace mooncake =
                read(
                        "{\"timestamp\": 0, \"input_length\": 6955, \"output_length\": 52, \"hash_ids\": [1, 2]}",
                        "{\"timestamp\": 61000, \"input_length\": 10, \"output_length\": 2, \"hash_ids\": []}");
        assertThat(counts(mooncake)).containsExactly(1, 1);
        assertThat(counts(read("timestamp_ms,input_tokens,output_tokens", "0,1,1", "120000,1,1")))
                .containsExactly(1, 0, 1);
        assertThat(mooncake.notes())
                .anyMatch(note -> note.contains("from the beginning, in millis"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "timestamp,input_tokens,output_tokens;1767225600,1,1;1767225661,1,1",
                "timestamp,input_tokens,output_tokens;1767225600000,1,1;1767225661000,1,1",
                "timestamp,input_tokens,output_tokens;1767225600000000,1,1;1767225661000000,1,1",
                "timestamp,input_tokens,output_tokens;1767225600000000000,1,1;1767225661000000000,1,1",
                "1767225600,1,1;1767225661,1,1",
                "{\"timestamp\":1767225600,\"input_length\":1};{\"timestamp\":1767225661,\"input_length\":1}",
            })
    void tokens_are_read_in_whichever_unit_their_times_since_1970_are(String lines) {
        Trace trace = read(lines.split(";"));
        assertThat(counts(trace)).containsExactly(1, 1);
        assertThat(start(trace)).hasToString("2026-01-01T00:00:00Z");
        assertThat(trace.tokens()).isTrue();
    }

    @Test
    void tokens_named_by_request_and_response_have_seconds_since_the_beginning() {
        Trace trace =
                read(
                        "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type",
                        "5,ChatGPT,472,18,490,Conversation log",
                        "65,GPT-4,1087,230,1317,Conversation log");
        assertThat(counts(trace)).containsExactly(1, 1);
        assertThat(trace.notes()).anyMatch(note -> note.contains("in seconds"));
    }

    @Test
    void our_access_log_counts_requests_when_they_came_not_when_they_were_answered() {
        String line =
                "{\"time\":\"%s\",\"level\":\"INFO\",\"process\":\"gateway\",\"logger\":\"%s\",\"message\":\"request\","
                        + "\"method\":\"POST\",\"path\":\"/v2/models/%s/infer\",\"status\":200,\"millis\":%s,\"requestId\":\"x\"}";
        String[] lines = {
            line.formatted("2026-01-01T00:01:01Z", "access", "a", "2000"),
            line.formatted("2026-01-01T00:01:02Z", "upstreams", "a", "0"),
            line.formatted("2026-01-01T00:01:03Z", "access", "b", "10.5")
        };
        Trace all = read(lines);
        assertThat(counts(all)).containsExactly(1, 1);
        assertThat(all.notes()).anyMatch(note -> note.contains("1 lines are about something else"));
        assertThat(counts(TraceReader.read(List.of(lines).iterator(), UTC.withModel("b"))))
                .containsExactly(1);
    }

    @Test
    void a_web_server_s_log_is_read_too() {
        Trace trace =
                read(
                        "host - - [01/Jul/1995:00:00:01 -0400] \"GET /a/ HTTP/1.0\" 200 6245",
                        "host - - [01/Jul/1995:00:01:06 -0400] \"GET /b/ HTTP/1.0\" 200 3985");
        assertThat(counts(trace)).containsExactly(1, 1);
        assertThat(start(trace)).hasToString("1995-07-01T04:00:00Z");
    }

    @Test
    void requests_that_are_written_late_are_counted_where_they_belong() {
        Trace trace =
                read("time", "2026-01-01 00:01:00", "2026-01-01 00:00:59", "2026-01-01 00:02:00");
        assertThat(counts(trace)).containsExactly(1, 1, 1);
        assertThat(trace.notes()).anyMatch(note -> note.contains("1 rows come after later ones"));
    }

    @Test
    void local_times_are_of_the_zone_and_the_hour_that_is_there_twice_is_twice_there() {
        TraceOptions berlin = TraceOptions.of(ZoneId.of("Europe/Berlin"));
        List<String> lines = new ArrayList<>();
        for (int hour : new int[] {1, 2, 2, 3}) {
            for (int minute = 0; minute < 60; minute++) {
                lines.add("2026-10-25 %02d:%02d:00,1".formatted(hour, minute));
            }
        }
        Trace trace = TraceReader.read(lines.iterator(), berlin);
        assertThat(trace.minutes().minutes()).isEqualTo(240);
        assertThat(trace.minutes().filled()).isZero();
        assertThat(start(trace)).hasToString("2026-10-24T23:00:00Z");
        assertThat(trace.notes()).anyMatch(note -> note.contains("clocks"));
        assertThatThrownBy(
                        () -> TraceReader.read(List.of("2026-03-29 02:30:00,1").iterator(), berlin))
                .hasMessageContaining("line 1")
                .hasMessageContaining("exists in Europe/Berlin");
        assertThatThrownBy(() -> TraceReader.read(lines.iterator(), UTC))
                .hasMessageContaining("line 121")
                .hasMessageContaining("--zone");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2026-01-01 00:01:00,1;2026-01-01 00:00:00,2 | line 2 | after the one before",
                "2026-01-01 00:00:00,1;2026-01-01 00:00:00,2 | line 2 | after the one before",
                "2026-01-01 00:00:00,-1 | line 1 | not negative",
                "2026-01-01 00:00:00,NaN | line 1 | a number",
                "2026-01-01 00:00:00,Infinity | line 1 | not infinite",
                "2026-01-01 00:00:00,many | line 1 | a count",
                "2026-01-01 00:00:00, | line 1 | a count",
                "minute,count;2026-01-01 00:00:00 | line 2 | a count",
                "minute,count;yesterday,3 | line 2 | a time such as",
                "minute,count;2026-13-01 00:00:00,3 | line 2 | a time such as",
                "minute,count;2026-01-01 25:00:00,3 | line 2 | a time such as",
                "minute,count;2026-01-01T00:00:00Z,3;2026-01-01T00:01:00,3 | line 3 | an offset at every time or at none",
                "minute,count;2026-01-01T00:00:00+8,3;2026-01-01 00:01:00 CET,1 | line 3 | such as Z or +08:00",
                "2026-01-01 00:00:00,1;2027-01-01 00:00:00,1 | line 2 | a week",
                "time;2026-01-01 00:00:00;2027-01-01 00:00:00 | line 3 | a week",
                "time;2026-01-01 03:00:00;2026-01-01 00:00:00 | line 3 | sort the file",
                "minute,count | no rows | rows of minute,count",
                "minute,count;2026-01-01 00:00:00,0 | no requests | at least one",
                "a,b,c;1,2,3 | line 1 | a header that names a time column",
                "minute,count;\"2026-01-01 00:00:00,3 | line 2 | a quote that is closed",
                "{\"timestamp\":1,\"count\":2 | line 1 | one whole JSON object",
                "{\"count\":2} | line 1 | a time under",
                "{\"timestamp\":\"2026-01-01T00:00:00Z\",\"count\":\"x\"} | line 1 | a number",
                "[{\"timestamp\":1}] | line 1 | one JSON object a line",
                "TIMESTAMP,ContextTokens,GeneratedTokens;2023-11-16 18:15:46,-3,4 | line 2 | not negative",
                "TIMESTAMP,ContextTokens,GeneratedTokens;2023-11-16 18:15:46,3,NaN | line 2 | a number",
                "time,count;-5,1 | line 2 | not negative",
            })
    void what_is_wrong_is_refused_with_its_line(String lines, String where, String expected) {
        assertThatThrownBy(() -> read(lines.split(";")))
                .isInstanceOf(TraceException.class)
                .hasMessageContaining(where)
                .hasMessageContaining(expected);
    }

    @Test
    void nothing_at_all_is_refused() {
        assertThatThrownBy(() -> read()).hasMessageContaining("no rows in 0 lines");
    }

    @Test
    void broken_rows_are_refused_and_never_anything_else_happens() {
        Random random = new Random(11);
        String good = "2026-01-01 00:00:00,3";
        for (int round = 0; round < 5000; round++) {
            StringBuilder broken = new StringBuilder(good);
            for (int i = 0; i <= random.nextInt(4); i++) {
                broken.setCharAt(random.nextInt(broken.length()), (char) (random.nextInt(96) + 32));
            }
            try {
                read("minute,count", broken.toString(), "2026-01-01 00:01:00,3");
            } catch (TraceException e) {
                assertThat(e.getMessage()).as("seed 11, %s", broken).startsWith("trace");
            }
        }
    }

    @Test
    void as_many_rows_as_there_are_become_few_minutes() {
        Stream<String> rows =
                IntStream.range(0, 200_000)
                        .mapToObj(i ->
                                "2026-01-01 00:0%d:%02d.%03d,5,6"
                                        .formatted(i / 60_000, i / 1000 % 60, i % 1000));
        Trace trace =
                TraceReader.read(
                        Stream.concat(Stream.of("timestamp,input_tokens,output_tokens"), rows)
                                .iterator(),
                        UTC);
        assertThat(counts(trace)).containsExactly(60_000, 60_000, 60_000, 20_000);
    }

    @Test
    void requests_come_one_by_one_in_order_of_time() {
        RequestSource source =
                new RequestLines(
                        List.of(
                                        "timestamp_ms,input_tokens,output_tokens",
                                        "0,10,1",
                                        "300,20,2",
                                        "200,30,3")
                                .iterator(),
                        UTC);
        List<String> seen = new ArrayList<>();
        while (source.next()) {
            seen.add("%s %d %d".formatted(source.atSeconds(), source.prompt(), source.output()));
        }
        assertThat(seen).containsExactly("0.0 10 1", "0.2 30 3", "0.3 20 2");
    }

    @Test
    void a_request_that_comes_thousands_of_rows_late_is_put_right_or_refused_with_its_line() {
        List<String> lines = new ArrayList<>(List.of("timestamp_ms,input_tokens,output_tokens"));
        for (int i = 0; i < 10_000; i++) {
            lines.add("%d,%d,1".formatted(i == 9_000 ? 5 : i * 10, i));
        }
        Trace trace = TraceReader.read(lines.iterator(), UTC);
        assertThat(trace.disorderMillis()).isEqualTo(89_985);
        RequestSource known = new RequestLines(lines.iterator(), UTC, trace.disorderMillis());
        known.next();
        known.next();
        assertThat(known.prompt()).isEqualTo(9_000);
        int rows = 2;
        double last = known.atSeconds();
        while (known.next()) {
            assertThat(known.atSeconds()).isGreaterThanOrEqualTo(last);
            last = known.atSeconds();
            rows++;
        }
        assertThat(rows).isEqualTo(10_000);
        RequestSource unknown = new RequestLines(lines.iterator(), UTC);
        assertThatThrownBy(
                        () -> {
                            while (unknown.next()) {
                                assertThat(unknown.atSeconds()).isNotNegative();
                            }
                        })
                .isInstanceOf(TraceException.class)
                .hasMessageStartingWith("trace line 9002: '5,9000,1'")
                .hasMessageContaining("sort the file");
    }

    private static Trace read(String... lines) {
        return TraceReader.read(List.of(lines).iterator(), UTC);
    }

    private static double[] counts(Trace trace) {
        MinuteTrace minutes = trace.minutes();
        return IntStream.range(0, minutes.minutes()).mapToDouble(minutes::count).toArray();
    }

    private static Instant start(Trace trace) {
        return Instant.ofEpochMilli(trace.minutes().startMillis());
    }
}
