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

    @Test
    void a_total_that_dips_while_requests_end_is_no_restart_and_nothing_counts_twice() {
        for (double reading : new double[] {1_000, 999, 1_001}) {
            total = reading;
            seconds(1, 0);
        }
        seconds(58, 0);
        assertThat(lines).containsExactly("2026-11-21T09:00:00Z,1");
    }

    @Test
    void a_dip_between_two_minutes_is_no_restart_either() {
        seconds(60, 0);
        total = 999;
        seconds(1, 0);
        total = 1_001;
        seconds(60, 0);
        assertThat(lines).containsExactly("2026-11-21T09:00:00Z,0", "2026-11-21T09:01:00Z,1");
    }

    @Test
    void a_total_that_is_less_after_a_hole_is_where_counting_goes_on() {
        seconds(31, 0);
        at += 60_000;
        total = 700;
        seconds(90, 10);
        assertThat(lines).containsExactly("2026-11-21T09:02:00Z,600");
    }

    private void seconds(int count, double each) {
        for (int i = 0; i < count; i++) {
            counter.read(at, total).ifPresent(lines::add);
            at += 1_000;
            total += each;
        }
    }
}
