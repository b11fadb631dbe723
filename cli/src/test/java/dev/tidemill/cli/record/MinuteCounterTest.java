package dev.tidemill.cli.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MinuteCounterTest {
    private final MinuteCounter counter = new MinuteCounter();
    private final List<String> lines = new ArrayList<>();
    private long at = Instant.parse("2026-11-21T09:00:00Z").toEpochMilli();
    private double total = 1_000;

    @Test
    void whole_minutes_become_lines_and_add_up_to_what_came() {
        seconds(181, 10);
        assertThat(lines)
                .containsExactly(
                        "2026-11-21T09:00:00Z,600",
                        "2026-11-21T09:01:00Z,600",
                        "2026-11-21T09:02:00Z,600");
        assertThat(counter.lines()).isEqualTo(3);
    }

    @Test
    void a_minute_that_was_begun_late_is_left_out() {
        at += 20_000;
        seconds(120, 10);
        assertThat(lines).containsExactly("2026-11-21T09:01:00Z,600");
    }

    @Test
    void a_hole_leaves_its_minutes_out_and_nothing_is_counted_twice() {
        seconds(90, 10);
        at += 60_000;
        total += 600;
        seconds(91, 10);
        assertThat(lines).containsExactly("2026-11-21T09:00:00Z,600", "2026-11-21T09:03:00Z,600");
    }

    @Test
    void a_gateway_that_began_anew_counts_from_its_start() {
        seconds(31, 10);
        total = 0;
        seconds(30, 10);
        assertThat(lines).hasSize(1);
        assertThat(lines.getFirst()).isEqualTo("2026-11-21T09:00:00Z,590");
    }

    private void seconds(int count, double each) {
        for (int i = 0; i < count; i++) {
            counter.read(at, total).ifPresent(lines::add);
            at += 1_000;
            total += each;
        }
    }
}
