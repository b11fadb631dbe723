package dev.tidemill.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MinuteTraceTest {
    @Test
    void rows_become_minutes_and_a_hole_holds_the_count_before_it() {
        MinuteTrace trace =
                parse("minute,count", "1995-07-01 00:00:00,42", "1995-07-01 00:03:00,7", "");
        assertThat(trace.minutes()).isEqualTo(4);
        assertThat(trace.count(2)).isEqualTo(42);
        assertThat(trace.count(3)).isEqualTo(7);
        assertThat(trace.filled()).isEqualTo(2);
        assertThat(Instant.ofEpochMilli(trace.startMillis())).hasToString("1995-07-01T00:00:00Z");
    }

    @Test
    void times_are_local_to_the_zone_unless_they_say_otherwise() {
        ZoneId zone = ZoneId.of("America/New_York");
        MinuteTrace local = MinuteTrace.parse(List.of("1995-07-01T00:00,1").iterator(), zone);
        MinuteTrace own =
                MinuteTrace.parse(List.of("1995-07-01T00:00:30.5-04:00,1").iterator(), zone);
        assertThat(Instant.ofEpochMilli(local.startMillis())).hasToString("1995-07-01T04:00:00Z");
        assertThat(own.startMillis()).isEqualTo(local.startMillis());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2026-01-01 00:00:00,1;2026-01-01 00:00:30,2 | line 2 | after the one before",
                "2026-01-01 00:01:00,1;2026-01-01 00:00:00,2 | line 2 | after the one before",
                "2026-01-01 00:00:00,-1 | line 1 | not negative",
                "2026-01-01 00:00:00,NaN | line 1 | a number",
                "2026-01-01 00:00:00,Infinity | line 1 | not infinite",
                "2026-01-01 00:00:00,many | line 1 | a count",
                "2026-01-01 00:00:00 | line 1 | minute,count",
                "minute,count;yesterday,3 | line 2 | a time such as",
                "2026-01-01 00:00:00,1;2027-01-01 00:00:00,1 | line 2 | a week",
                "minute,count | no minutes | rows of minute,count"
            })
    void what_is_wrong_is_refused_with_its_line(String lines, String where, String expected) {
        assertThatThrownBy(() -> parse(lines.split(";")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(where)
                .hasMessageContaining(expected);
    }

    private static MinuteTrace parse(String... lines) {
        return MinuteTrace.parse(Stream.of(lines).iterator(), ZoneOffset.UTC);
    }
}
