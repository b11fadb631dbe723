package dev.tidemill.scaling.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tidemill.scaling.fleet.FleetPlan.Wish;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FleetPlanTest {
    private static final ReplicaKind GPU = kind("gpu", 50, 4, false, 100);
    private static final ReplicaKind CPU = kind("cpu", 4, 0.5, false, 100);
    private static final ReplicaKind SPOT = kind("gpu-spot", 50, 1.2, true, 100);

    @Test
    void the_remainder_that_fills_no_gpu_goes_to_cpus() {
        FleetPlan plan = FleetPlan.cheapest(List.of(GPU, CPU), new Wish(58, 1, 1), Map.of());
        assertThat(plan.counts()).isEqualTo(Map.of("gpu", 1, "cpu", 2));
        assertThat(plan.pricePerHour()).isEqualTo(5);
        assertThat(plan.reason()).startsWith("1 gpu and 2 cpu for 58.0 requests/s at 5.00 an hour");
    }

    @Test
    void losing_all_spot_replicas_leaves_the_rest_served() {
        FleetPlan plan = FleetPlan.cheapest(List.of(GPU, SPOT), new Wish(200, 0.5, 1), Map.of());
        assertThat(plan.counts()).isEqualTo(Map.of("gpu", 2, "gpu-spot", 2));
        FleetPlan all = FleetPlan.cheapest(List.of(GPU, SPOT), new Wish(200, 1, 1), Map.of());
        assertThat(all.counts()).isEqualTo(Map.of("gpu", 0, "gpu-spot", 4));
    }

    @Test
    void what_runs_is_kept_when_moving_would_not_pay_off() {
        ReplicaKind slow = new ReplicaKind("new", 50, 3.8, false, Duration.ofMinutes(10), 100);
        Map<String, Integer> running = Map.of("gpu", 2);
        FleetPlan soon = FleetPlan.cheapest(List.of(slow, GPU), new Wish(100, 1, 0.5), running);
        assertThat(soon.counts()).containsEntry("gpu", 2);
        FleetPlan later = FleetPlan.cheapest(List.of(slow, GPU), new Wish(100, 1, 24), running);
        assertThat(later.counts()).containsEntry("new", 2);
    }

    @Test
    void a_stock_out_is_filled_by_what_there_is_and_said() {
        ReplicaKind out = kind("gpu-spot", 50, 1.2, true, 0);
        FleetPlan plan = FleetPlan.cheapest(List.of(GPU, out), new Wish(100, 1, 1), Map.of());
        assertThat(plan.counts()).containsEntry("gpu", 2);
        assertThat(plan.reason()).endsWith("gpu-spot is out of stock");
        FleetPlan little =
                FleetPlan.cheapest(
                        List.of(kind("gpu", 50, 4, false, 1)), new Wish(100, 1, 1), Map.of());
        assertThat(little.enough()).isFalse();
        assertThat(little.counts()).containsEntry("gpu", 1);
        assertThat(little.reason()).endsWith("which is all that can be had");
    }

    @Test
    void no_demand_needs_nothing() {
        FleetPlan plan = FleetPlan.cheapest(List.of(GPU, CPU), new Wish(0, 1, 1), Map.of());
        assertThat(plan.counts()).isEqualTo(Map.of("gpu", 0, "cpu", 0));
        assertThat(plan.enough()).isTrue();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void it_is_as_cheap_as_trying_every_combination(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 20; i++) {
            List<ReplicaKind> kinds =
                    List.of(
                            kind("a", 1 + random.nextInt(40), 1 + random.nextInt(50), false, 12),
                            kind("b", 1 + random.nextInt(40), 1 + random.nextInt(50), false, 12),
                            kind("c", 1 + random.nextInt(40), 1 + random.nextInt(50), false, 12));
            double demand = 1 + random.nextInt(100);
            double best = Double.POSITIVE_INFINITY;
            for (int a = 0; a <= 12; a++) {
                for (int b = 0; b <= 12; b++) {
                    for (int c = 0; c <= 12; c++) {
                        double served = served(kinds, a, b, c);
                        if (served >= demand) {
                            best = Math.min(best, price(kinds, a, b, c));
                        }
                    }
                }
            }
            FleetPlan plan = FleetPlan.cheapest(kinds, new Wish(demand, 1, 1e6), Map.of());
            assertThat(plan.enough()).as("seed %d", seed).isEqualTo(best < 1e9);
            if (plan.enough()) {
                assertThat(plan.requestsPerSecond()).isGreaterThanOrEqualTo(demand - 1e-6);
                assertThat(plan.pricePerHour())
                        .as("seed %d: %s for %s", seed, kinds, demand)
                        .isCloseTo(best, within(1e-6));
            }
        }
    }

    private static double served(List<ReplicaKind> kinds, int a, int b, int c) {
        return a * kinds.get(0).requestsPerSecond()
                + b * kinds.get(1).requestsPerSecond()
                + c * kinds.get(2).requestsPerSecond();
    }

    private static double price(List<ReplicaKind> kinds, int a, int b, int c) {
        return a * kinds.get(0).pricePerHour()
                + b * kinds.get(1).pricePerHour()
                + c * kinds.get(2).pricePerHour();
    }

    private static ReplicaKind kind(
            String name, double each, double price, boolean spot, int available) {
        return new ReplicaKind(name, each, price, spot, Duration.ZERO, available);
    }
}
