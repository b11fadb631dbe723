package dev.tidemill.autoscale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.autoscale.KindsTarget.Part;
import dev.tidemill.client.control.ScalingDecision;
import dev.tidemill.scaling.Signal;
import dev.tidemill.scaling.concurrency.ConcurrencyPolicy;
import dev.tidemill.scaling.concurrency.ScalingRule;
import dev.tidemill.scaling.fleet.ReplicaKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class KindsTargetTest {
    private final FakeKind cpu = new FakeKind(1);
    private final FakeKind gpu = new FakeKind(0);
    private final FakeKind spot = new FakeKind(0);
    private long nanos;

    @Test
    void a_count_of_the_first_kind_is_made_of_what_costs_least() {
        KindsTarget target = cpuAndGpu();

        target.order(12, "busy");

        // 120 requests/s: one GPU replica serves 100 for 2.00, ten of the processor's cost 10.00.
        assertThat(gpu.ordered).isEqualTo(1);
        assertThat(cpu.ordered).isEqualTo(2);
        assertThat(target.replicas()).isEqualTo(12);
        assertThat(gpu.reasons).containsExactly("busy");
    }

    @Test
    void what_is_dearer_goes_only_when_what_is_cheaper_serves() {
        KindsTarget target = cpuAndGpu();
        cpu.ordered = 10;
        cpu.ready = 10;
        target.order(10, "steady");

        assertThat(gpu.ordered).isEqualTo(1);
        assertThat(cpu.ordered).as("while the GPU starts").isEqualTo(10);

        gpu.ready = 1;
        target.settle();
        assertThat(cpu.ordered).isZero();
        assertThat(target.ready()).isEqualTo(10);
    }

    @Test
    void a_policy_is_told_of_no_more_than_it_asked_for() {
        KindsTarget target = cpuAndGpu();
        target.order(7, "busy");
        gpu.ready = 1;

        assertThat(target.replicas()).isEqualTo(7);
        assertThat(target.ready()).isEqualTo(7);
    }

    @Test
    void a_kind_that_does_not_come_is_done_without_for_a_while_and_then_tried_again() {
        KindsTarget target = cpuAndGpu();
        target.order(12, "busy");
        cpu.ready = 2;
        target.settle();
        minutes(2);
        target.settle();
        assertThat(gpu.ordered).as("patience is three start-ups").isEqualTo(1);

        minutes(1);
        target.settle();
        assertThat(gpu.ordered).isZero();
        assertThat(cpu.ordered).isEqualTo(12);
        assertThat(cpu.reasons.getLast()).contains("gpu is out of stock");

        cpu.ready = 12;
        minutes(9);
        target.settle();
        assertThat(gpu.ordered).isZero();
        minutes(1);
        target.settle();
        assertThat(gpu.ordered).isEqualTo(1);
    }

    @Test
    void where_nothing_else_can_be_had_it_goes_on_waiting() {
        KindsTarget target = cpuAndGpu();
        target.order(12, "busy");
        for (int i = 0; i < 5; i++) {
            minutes(1);
            target.settle();
        }
        assertThat(gpu.ordered).isEqualTo(1);
        assertThat(cpu.ordered).isEqualTo(2);
    }

    @Test
    void losing_every_spot_replica_leaves_the_rest_of_the_load_served() {
        KindsTarget target =
                new KindsTarget(
                        "digits",
                        List.of(
                                new Part(kind("cpu", 10, 1, false), cpu),
                                new Part(kind("cpu-spot", 10, 0.3, true), spot)),
                        0.5,
                        () -> nanos);

        target.order(10, "busy");
        assertThat(spot.ordered).isEqualTo(5);
        assertThat(cpu.ordered).isEqualTo(5);

        // The provider takes three back, and has no others.
        cpu.ready = 5;
        spot.ready = 5;
        target.settle();
        spot.ready = 2;
        target.settle();
        minutes(3);
        target.settle();
        assertThat(spot.ordered).isEqualTo(2);
        assertThat(cpu.ordered).isEqualTo(8);
    }

    @Test
    void an_order_that_was_refused_is_given_again() {
        KindsTarget target = cpuAndGpu();
        gpu.refuses = true;
        target.order(10, "busy");
        assertThat(gpu.ordered).isZero();

        gpu.refuses = false;
        target.settle();
        assertThat(gpu.ordered).isEqualTo(1);
    }

    @Test
    void it_takes_as_long_to_start_as_the_slowest_that_runs() {
        KindsTarget target = cpuAndGpu();
        cpu.startSeconds = 5;
        gpu.startSeconds = 90;
        assertThat(target.startSeconds()).isEqualTo(5);

        target.order(12, "busy");
        assertThat(target.startSeconds()).isEqualTo(90);
    }

    @Test
    void nothing_is_made_of_nothing() {
        KindsTarget target = cpuAndGpu();
        target.order(0, "asleep");
        target.settle();

        assertThat(cpu.ordered + gpu.ordered).isZero();
        assertThat(target.replicas()).isZero();
    }

    @Test
    void the_live_loop_orders_kinds_and_writes_down_what_they_cost() {
        KindsTarget target = cpuAndGpu();
        List<ScalingDecision> written = new ArrayList<>();
        ScalingRule rule =
                new ScalingRule(1, 40, 8, Duration.ofSeconds(1), Duration.ZERO, Duration.ZERO);
        Scaler scaler =
                new Scaler(
                        target,
                        new ConcurrencyPolicy("concurrency", rule),
                        () -> Instant.ofEpochMilli(1_000_000 + nanos / 1_000_000),
                        () -> nanos,
                        written::add);
        for (int i = 0; i < 4; i++) {
            nanos += 1_000_000_000L;
            var _ = scaler.tick(Measures.of(Map.of(Signal.IN_FLIGHT, 96.0)));
        }

        assertThat(gpu.ordered).isEqualTo(1);
        assertThat(cpu.ordered).isEqualTo(2);
        ScalingDecision decision =
                written.stream().filter(each -> each.replicas() == 12).findFirst().orElseThrow();
        assertThat(decision.reason())
                .isEqualTo(
                        "96.0 requests in flight need 12 at 8 a replica; as 2 cpu and 1 gpu for"
                                + " 120.0 requests/s at 4.00 an hour");
        assertThat(decision.figures())
                .containsEntry("replicas gpu", 1.0)
                .containsEntry("replicas cpu", 2.0)
                .containsEntry("price an hour", 4.0);
    }

    private KindsTarget cpuAndGpu() {
        return new KindsTarget(
                "digits",
                List.of(
                        new Part(kind("cpu", 10, 1, false), cpu),
                        new Part(kind("gpu", 100, 2, false), gpu)),
                0,
                () -> nanos);
    }

    private static ReplicaKind kind(String name, double serves, double price, boolean spot) {
        return new ReplicaKind(name, serves, price, spot, Duration.ofMinutes(1), 100);
    }

    private void minutes(int count) {
        nanos += Duration.ofMinutes(count).toNanos();
    }

    /// Replicas become ready when the test says so.
    private static final class FakeKind implements ScalingTarget {
        final List<String> reasons = new ArrayList<>();
        int ordered;
        int ready;
        boolean refuses;
        double startSeconds = Double.NaN;

        FakeKind(int replicas) {
            this.ordered = replicas;
            this.ready = replicas;
        }

        @Override
        public String name() {
            return "digits";
        }

        @Override
        public int replicas() {
            return ordered;
        }

        @Override
        public int ready() {
            return Math.min(ready, ordered);
        }

        @Override
        public double startSeconds() {
            return startSeconds;
        }

        @Override
        public void order(int replicas, String reason) {
            if (!refuses) {
                ordered = replicas;
                reasons.add(reason);
            }
        }
    }
}
