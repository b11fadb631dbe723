package dev.tidemill.autoscale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.autoscale.SteadyTime.Moment;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class SteadyTimeTest {
    private long wall = 1_000_000;
    private long nanos;
    private final SteadyTime time = new SteadyTime(() -> Instant.ofEpochMilli(wall), () -> nanos);

    @Test
    void follows_the_wall_clock() {
        assertThat(after(0, 0)).isEqualTo(new Moment(1_000_000, false));
        assertThat(after(1000, 1000)).isEqualTo(new Moment(1_001_000, false));
        assertThat(after(1000, 5000)).isEqualTo(new Moment(1_006_000, false));
    }

    @Test
    void stands_until_a_clock_that_went_back_a_little_has_caught_up() {
        after(0, 0);
        assertThat(after(1000, -20_000)).isEqualTo(new Moment(1_000_000, false));
        assertThat(after(1000, 10_000)).isEqualTo(new Moment(1_000_000, false));
        assertThat(after(1000, 15_000)).isEqualTo(new Moment(1_005_000, false));
    }

    @Test
    void says_when_the_clock_went_back_a_lot() {
        after(0, 0);
        assertThat(after(1000, -600_000)).isEqualTo(new Moment(400_000, true));
        assertThat(after(1000, 1000)).isEqualTo(new Moment(401_000, false));
    }

    private Moment after(long elapsedMillis, long wallMillis) {
        nanos += elapsedMillis * 1_000_000;
        wall += wallMillis;
        return time.next();
    }
}
