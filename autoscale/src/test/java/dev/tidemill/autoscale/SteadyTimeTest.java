package dev.tidemill.autoscale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.autoscale.SteadyTime.Jump;
import dev.tidemill.autoscale.SteadyTime.Moment;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class SteadyTimeTest {
    private long wall = 1_000_000;
    private long nanos;
    private final SteadyTime time = new SteadyTime(() -> Instant.ofEpochMilli(wall), () -> nanos);

    @Test
    void follows_the_wall_clock() {
        assertThat(after(0, 0)).isEqualTo(new Moment(1_000_000, Jump.NONE));
        assertThat(after(1000, 1000)).isEqualTo(new Moment(1_001_000, Jump.NONE));
        assertThat(after(1000, 5000)).isEqualTo(new Moment(1_006_000, Jump.NONE));
    }

    @Test
    void goes_on_slowly_until_a_clock_that_went_back_a_little_has_caught_up() {
        after(0, 0);
        assertThat(after(1000, -20_000)).isEqualTo(new Moment(1_000_500, Jump.NONE));
        assertThat(after(1000, 1_000)).isEqualTo(new Moment(1_001_000, Jump.NONE));
        assertThat(after(0, 0)).isEqualTo(new Moment(1_001_001, Jump.NONE));
        assertThat(after(1000, 25_000)).isEqualTo(new Moment(1_006_000, Jump.NONE));
    }

    @Test
    void says_when_the_clock_went_back_a_lot() {
        after(0, 0);
        assertThat(after(1000, -600_000)).isEqualTo(new Moment(400_000, Jump.BACK));
        assertThat(after(1000, 1000)).isEqualTo(new Moment(401_000, Jump.NONE));
    }

    @Test
    void says_when_the_clock_leapt_ahead() {
        after(0, 0);
        assertThat(after(1000, 600_000)).isEqualTo(new Moment(1_600_000, Jump.AHEAD));
        assertThat(after(1000, 1000)).isEqualTo(new Moment(1_601_000, Jump.NONE));
    }

    private Moment after(long elapsedMillis, long wallMillis) {
        nanos += elapsedMillis * 1_000_000;
        wall += wallMillis;
        return time.next();
    }
}
