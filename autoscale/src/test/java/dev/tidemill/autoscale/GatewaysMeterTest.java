package dev.tidemill.autoscale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tidemill.client.gateway.TrafficCounters;
import dev.tidemill.client.gateway.TrafficCounters.ModelCounters;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class GatewaysMeterTest {
    private static final long SECOND = 1_000_000_000L;

    private final Map<String, Supplier<TrafficCounters>> gateways = new LinkedHashMap<>();
    private final GatewaysMeter meter = new GatewaysMeter(() -> gateways, _ -> 0.005);

    @Test
    void what_several_gateways_saw_adds_up() {
        gives("a", counters(1, 0, 0), counters(2, 10, 4 * SECOND));
        gives("b", counters(100, 0, 0), counters(102, 40, 4 * SECOND));

        assertThat(meter.read()).isEmpty();
        meter.read();

        Traffic traffic = meter.traffic().get("pool");
        assertThat(traffic.requestsPerSecond()).isCloseTo(30, within(1e-9));
        assertThat(traffic.concurrency()).isCloseTo(6, within(1e-9));
    }

    @Test
    void while_one_does_not_answer_nothing_is_known() {
        gives("a", counters(1, 0, 0), counters(2, 10, 0));
        gateways.put(
                "b",
                () -> {
                    throw new IllegalStateException("away");
                });
        meter.read();

        assertThat(meter.read()).isEmpty();
    }

    @Test
    void one_that_is_gone_counts_no_more() {
        gives("a", counters(1, 0, 0), counters(2, 10, 0), counters(3, 30, 0));
        gives("b", counters(1, 0, 0), counters(2, 10, 0));
        meter.read();
        meter.read();

        gateways.remove("b");
        meter.read();

        assertThat(meter.traffic().get("pool").requestsPerSecond()).isCloseTo(20, within(1e-9));
    }

    private void gives(String gateway, TrafficCounters... readings) {
        Deque<TrafficCounters> left = new ArrayDeque<>(List.of(readings));
        gateways.put(gateway, left::removeFirst);
    }

    private static TrafficCounters counters(long atSeconds, long requests, long inFlightNanos) {
        return new TrafficCounters(
                atSeconds * SECOND,
                List.of(1_000_000L, 10_000_000L),
                List.of(
                        new ModelCounters(
                                "digits",
                                "pool",
                                requests,
                                0,
                                0,
                                inFlightNanos,
                                0,
                                List.of(requests, 0L, 0L))));
    }
}
