package dev.tidemill.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class SilenceTest {
    private static final long SECOND = 1_000;
    private static final long MINUTE = 60 * SECOND;

    private final Silence silence = new Silence(Duration.ofMinutes(5), 0);
    private long now;

    @Test
    void what_is_usual_is_the_mean_of_what_was_seen_and_not_the_first_look() {
        minutes(23 * 60, 4);
        minutes(60, 28);
        minutes(1, 4);
        assertThat(silence.safe(0)).isEqualTo(5);
    }

    @Test
    void before_a_day_is_known_the_highest_of_the_last_hour_is_safe() {
        minutes(10, 1);
        minutes(60, 20);
        assertThat(silence.safe(0)).isEqualTo(20);
        minutes(61, 2);
        assertThat(silence.safe(0)).as("the mean again").isBetween(9, 12);
    }

    @Test
    void silence_itself_says_nothing_of_what_is_needed() {
        minutes(60, 2);
        for (int minute = 0; minute < 60; minute++) {
            now += MINUTE;
            silence.count(now, 2, 2, 0);
        }
        silence.over();
        minutes(1, 20);
        minutes(62, 2);
        assertThat(silence.safe(0)).isEqualTo(2);
    }

    @Test
    void steps_are_a_minute_apart_however_quickly_replicas_start() {
        Silence stated = new Silence(Duration.ofMinutes(5), 2);
        int replicas = 20;
        for (long at = 0; at < 8 * MINUTE; at += SECOND) {
            replicas = stated.count(at, replicas, 2, 2 * SECOND);
        }
        assertThat(replicas).as("after steps at 5, 6 and 7 minutes").isEqualTo(16);
    }

    private void minutes(int count, int needed) {
        for (int minute = 0; minute < count; minute++) {
            silence.needed(now, needed);
            now += MINUTE;
        }
    }
}
