package dev.tidemill.autoscale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.client.gateway.TrafficCounters;
import dev.tidemill.client.gateway.TrafficCounters.ModelCounters;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class TrafficMeterTest {
    private static final long SECOND = 1_000_000_000L;

    private final Deque<Supplier<TrafficCounters>> readings = new ArrayDeque<>();
    private final TrafficMeter meter = new TrafficMeter(() -> readings.removeFirst().get());

    @Test
    void the_growth_of_the_integral_is_the_mean_concurrency() {
        gives(1, model("digits", 100, 10 * SECOND, 100, 0));
        gives(3, model("digits", 300, 74 * SECOND, 290, 10));
        assertThat(meter.read()).isEmpty();
        Traffic traffic = meter.read().get("pool");
        assertThat(traffic.concurrency()).isEqualTo(32.0);
        assertThat(traffic.requestsPerSecond()).isEqualTo(100.0);
    }

    @Test
    void p99_is_the_bound_of_the_bucket_that_holds_the_ninety_ninth_percent() {
        gives(1, model("digits", 0, 0, 0, 0));
        gives(2, model("digits", 100, 0, 99, 1));
        gives(3, model("digits", 200, 0, 197, 3));
        meter.read();
        assertThat(meter.read().get("pool").p99()).isEqualTo(Duration.ofMillis(1));
        assertThat(meter.read().get("pool").p99()).isEqualTo(Duration.ofMillis(10));
    }

    @Test
    void models_that_share_replicas_add_up() {
        gives(1, model("digits", 0, 0, 0, 0), model("intents", 0, 0, 0, 0));
        gives(2, model("digits", 10, 4 * SECOND, 10, 0), model("intents", 5, SECOND, 5, 0));
        meter.read();
        assertThat(meter.read().get("pool")).isEqualTo(new Traffic(15, 0, 5, Duration.ofMillis(1)));
    }

    @Test
    void a_restarted_gateway_gives_no_reading_instead_of_a_wrong_one() {
        gives(10, model("digits", 1000, SECOND, 1000, 0));
        gives(11, model("digits", 5, 0, 5, 0));
        gives(12, model("digits", 15, SECOND, 15, 0));
        meter.read();
        assertThat(meter.read()).isEmpty();
        assertThat(meter.read().get("pool").requestsPerSecond()).isEqualTo(10.0);
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
