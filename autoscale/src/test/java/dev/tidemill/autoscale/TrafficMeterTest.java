package dev.tidemill.autoscale;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.client.gateway.TrafficCounters;
import dev.tidemill.client.gateway.TrafficCounters.ModelCounters;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.scaling.Signal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class TrafficMeterTest {
    private static final long SECOND = 1_000_000_000L;

    private final Deque<Supplier<TrafficCounters>> readings = new ArrayDeque<>();
    private final TrafficMeter meter =
            new TrafficMeter(() -> readings.removeFirst().get(), _ -> 0.005);

    @Test
    void the_growth_of_the_integral_is_the_mean_concurrency() {
        gives(1, model("digits", 100, 10 * SECOND, 100, 0));
        gives(3, model("digits", 300, 74 * SECOND, 290, 10));
        assertThat(meter.read()).isEmpty();
        Traffic traffic = read();
        assertThat(traffic.concurrency()).isEqualTo(32.0);
        assertThat(traffic.requestsPerSecond()).isEqualTo(100.0);
    }

    @Test
    void p99_is_the_bound_of_the_bucket_that_holds_the_ninety_ninth_percent() {
        gives(1, model("digits", 0, 0, 0, 0));
        gives(2, model("digits", 100, 0, 99, 1));
        gives(3, model("digits", 200, 0, 197, 3));
        meter.read();
        assertThat(read().p99()).isEqualTo(Duration.ofMillis(1));
        assertThat(read().p99()).isEqualTo(Duration.ofMillis(10));
    }

    @Test
    void arrivals_count_what_has_begun_and_not_ended() {
        gives(1, new ModelCounters("digits", "pool", 100, 0, 4, 0, 0, List.of(100L, 0L, 0L)));
        gives(3, new ModelCounters("digits", "pool", 110, 0, 34, 0, 7, List.of(110L, 0L, 0L)));
        meter.read();
        Traffic traffic = read();
        assertThat(traffic.arrivalsPerSecond()).isEqualTo(20.0);
        assertThat(traffic.requestsPerSecond()).isEqualTo(5.0);
        assertThat(traffic.waiting()).isEqualTo(7.0);
    }

    @Test
    void late_is_the_share_beyond_the_limit_within_its_bucket_as_if_spread_evenly() {
        gives(1, model("digits", 0, 0, 0, 0));
        gives(2, model("digits", 100, 0, 82, 18));
        meter.read();
        // 18 between 1 and 10 ms, of which 5 to 10 ms are five ninths.
        assertThat(read().late()).isEqualTo(0.1);
    }

    @Test
    void nothing_that_finished_has_no_share_of_late_ones() {
        gives(1, model("digits", 5, 0, 5, 0));
        gives(2, model("digits", 5, 0, 5, 0));
        meter.read();
        assertThat(meter.read().get("pool").values()).doesNotContainKey(Signal.LATE);
    }

    @Test
    void models_that_share_replicas_add_up() {
        gives(1, model("digits", 0, 0, 0, 0), model("intents", 0, 0, 0, 0));
        gives(2, model("digits", 10, 4 * SECOND, 10, 0), model("intents", 5, SECOND, 5, 0));
        meter.read();
        assertThat(read()).isEqualTo(new Traffic(15, 0, 15, 5, 0, Duration.ofMillis(1), 0));
    }

    @Test
    void a_restarted_gateway_gives_no_reading_instead_of_a_wrong_one() {
        gives(10, model("digits", 1000, SECOND, 1000, 0));
        gives(11, model("digits", 5, 0, 5, 0));
        gives(12, model("digits", 15, SECOND, 15, 0));
        meter.read();
        assertThat(meter.read()).isEmpty();
        assertThat(read().requestsPerSecond()).isEqualTo(10.0);
    }

    @Test
    void a_gateway_that_does_not_answer_gives_no_reading() {
        gives(1, model("digits", 0, 0, 0, 0));
        readings.add(() -> {
            throw new TidemillException(ErrorCode.UPSTREAM_FAILED, "gone");
        });
        gives(3, model("digits", 50, 0, 50, 0));
        meter.read();
        assertThat(meter.read()).isEmpty();
        assertThat(meter.read()).isEmpty();
    }

    @Test
    void a_gateway_that_answers_nonsense_gives_no_reading_either() {
        gives(1, model("digits", 0, 0, 0, 0));
        readings.add(() -> {
            throw new IllegalStateException("not a number");
        });
        gives(3, model("digits", 50, 0, 50, 0));
        meter.read();
        assertThat(meter.read()).isEmpty();
        assertThat(meter.read()).isEmpty();
    }

    private Traffic read() {
        var _ = meter.read();
        return requireNonNull(meter.traffic().get("pool"));
    }

    private void gives(long second, ModelCounters... models) {
        TrafficCounters counters =
                new TrafficCounters(
                        second * SECOND, List.of(1_000_000L, 10_000_000L), List.of(models));
        readings.add(() -> counters);
    }

    private static ModelCounters model(
            String name, long requests, long integral, long fast, long slow) {
        return new ModelCounters(
                name, "pool", requests, 0, 0, integral, 0, List.of(fast, slow, 0L));
    }
}
