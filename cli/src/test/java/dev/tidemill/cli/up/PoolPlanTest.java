package dev.tidemill.cli.up;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.cli.up.PoolPlan.Action;
import dev.tidemill.cli.up.PoolPlan.Phase;
import dev.tidemill.cli.up.PoolPlan.PoolView;
import dev.tidemill.cli.up.PoolPlan.ReplicaView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PoolPlanTest {
    private static final Duration LONG_AGO = Duration.ofDays(1);

    @Test
    void an_empty_pool_starts_all_that_are_wanted() {
        assertThat(plan(2, 1)).containsExactly(new Action.Start(1), new Action.Start(2));
    }

    @Test
    void a_pool_as_wanted_is_left_alone() {
        assertThat(plan(2, 1, ready(1, 1), ready(2, 1))).isEmpty();
    }

    @Test
    void a_lost_replica_is_replaced_in_its_slot() {
        assertThat(plan(3, 1, ready(1, 1), ready(3, 1))).containsExactly(new Action.Start(2));
    }

    @Test
    void a_slot_is_taken_until_its_replica_is_gone() {
        assertThat(plan(2, 1, stopping(1, 1), ready(2, 1))).containsExactly(new Action.Start(3));
    }

    @Test
    void the_newest_goes_first_and_one_that_still_starts_before_any_ready_one() {
        assertThat(plan(2, 1, ready(1, 1), ready(2, 1), ready(3, 1)))
                .containsExactly(new Action.Stop(3, "one fewer is wanted"));
        assertThat(plan(2, 1, starting(1, 1), ready(2, 1), ready(3, 1)))
                .containsExactly(new Action.Stop(1, "one fewer is wanted"));
    }

    @Test
    void a_new_generation_replaces_one_replica_at_a_time_new_before_old() {
        assertThat(plan(2, 2, ready(1, 1), ready(2, 1))).containsExactly(new Action.Start(3));
        assertThat(plan(2, 2, ready(1, 1), ready(2, 1), starting(3, 2))).isEmpty();
        assertThat(plan(2, 2, ready(1, 1), ready(2, 1), ready(3, 2)))
                .containsExactly(
                        new Action.Stop(2, "it serves older versions"), new Action.Start(4));
    }

    @Test
    void starts_that_keep_failing_are_spaced_out() {
        assertThat(PoolPlan.plan(new PoolView(1, 1, List.of(), 3, Duration.ofMillis(900))))
                .isEmpty();
        assertThat(PoolPlan.plan(new PoolView(1, 1, List.of(), 3, Duration.ofMillis(1000))))
                .containsExactly(new Action.Start(1));
        assertThat(PoolPlan.backoff(100)).isEqualTo(Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void any_pool_converges_and_never_stops_a_ready_replica_that_is_still_needed(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int wanted = 1 + random.nextInt(5);
        List<ReplicaView> pool = new ArrayList<>();
        for (int slot = 1; slot <= random.nextInt(8); slot++) {
            pool.add(
                    new ReplicaView(
                            slot,
                            1 + random.nextInt(2),
                            Phase.values()[random.nextInt(Phase.values().length)]));
        }
        int steps = 0;
        while (!settled(pool, wanted)) {
            assertThat(steps++).as("seed %d: steps to converge", seed).isLessThan(60);
            long readyBefore = count(pool, Phase.READY);
            apply(pool, PoolPlan.plan(new PoolView(wanted, 2, pool, 0, LONG_AGO)));
            assertThat(count(pool, Phase.READY))
                    .as("seed %d: ready replicas, %d wanted", seed, wanted)
                    .isGreaterThanOrEqualTo(Math.min(readyBefore, wanted));
            progress(pool, random);
        }
    }

    private static boolean settled(List<ReplicaView> pool, int wanted) {
        return pool.size() == wanted
                && pool.stream().allMatch(r -> r.generation() == 2 && r.phase() == Phase.READY);
    }

    private static long count(List<ReplicaView> pool, Phase phase) {
        return pool.stream().filter(r -> r.phase() == phase).count();
    }

    private static void apply(List<ReplicaView> pool, List<Action> actions) {
        for (Action action : actions) {
            switch (action) {
                case Action.Start(int slot) -> pool.add(new ReplicaView(slot, 2, Phase.STARTING));
                case Action.Stop(int slot, _) ->
                        pool.replaceAll(r ->
                                r.slot() == slot
                                        ? new ReplicaView(slot, r.generation(), Phase.STOPPING)
                                        : r);
            }
        }
    }

    /// One random replica gets ready or is gone.
    private static void progress(List<ReplicaView> pool, SplittableRandom random) {
        if (pool.isEmpty()) {
            return;
        }
        int index = random.nextInt(pool.size());
        ReplicaView replica = pool.get(index);
        switch (replica.phase()) {
            case STARTING ->
                    pool.set(
                            index,
                            new ReplicaView(replica.slot(), replica.generation(), Phase.READY));
            case STOPPING -> pool.remove(index);
            case READY -> {}
        }
    }

    private static List<Action> plan(int wanted, int generation, ReplicaView... replicas) {
        return PoolPlan.plan(new PoolView(wanted, generation, List.of(replicas), 0, LONG_AGO));
    }

    private static ReplicaView ready(int slot, int generation) {
        return new ReplicaView(slot, generation, Phase.READY);
    }

    private static ReplicaView starting(int slot, int generation) {
        return new ReplicaView(slot, generation, Phase.STARTING);
    }

    private static ReplicaView stopping(int slot, int generation) {
        return new ReplicaView(slot, generation, Phase.STOPPING);
    }
}
