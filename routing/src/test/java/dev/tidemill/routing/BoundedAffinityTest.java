package dev.tidemill.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class BoundedAffinityTest {
    private static final long NOW = 1_000_000;
    private static final int REPLICAS = 8;
    private final BoundedAffinity affinity = BoundedAffinity.DEFAULT;

    @Test
    void what_begins_alike_goes_to_one_replica_while_it_has_room() {
        List<Candidate> idle = replicas(0, 0, 0, 0);
        Pick.Near first = pick(7, idle);
        for (int i = 0; i < 10; i++) {
            assertThat(pick(7, idle).id()).isEqualTo(first.id());
        }
        assertThat(first.isFirst()).isTrue();
        assertThat(first.reason())
                .isEqualTo(
                        "replica '"
                                + first.id()
                                + "': the first choice of what begins alike, 0 in flight of at"
                                + " most 1");
        int[] busy = new int[4];
        busy[first.index()] = 4;
        Pick.Near second = pick(7, replicas(busy));
        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(second.reason()).contains("since its first choice has too much to do");
        assertThat(second.inFlight()).isZero();
    }

    @Test
    void the_tried_and_the_ejected_come_last() {
        List<Candidate> two = List.of(new Candidate("a", 0, NOW), new Candidate("b", 90, NOW));
        for (long key = 0; key < 20; key++) {
            assertThat(((Pick.Near) affinity.pick(key, two, Set.of("a"), NOW)).id()).isEqualTo("b");
        }
        assertThat(affinity.pick(1, List.of(new Candidate("a", 0, NOW + 5)), Set.of("a"), NOW))
                .isEqualTo(new Pick.AllEjected(1, NOW + 5));
        assertThat(affinity.pick(1, List.of(), Set.of(), NOW)).isEqualTo(new Pick.NoneReady());
    }

    @Test
    void a_replica_that_goes_moves_only_its_own_keys() {
        List<Candidate> all = replicas(0, 0, 0, 0, 0);
        List<Candidate> left = all.subList(0, 4);
        for (long key = 0; key < 2_000; key++) {
            String before = pick(key, all).id();
            if (!before.equals("r4")) {
                assertThat(pick(key, left).id()).as("key %d", key).isEqualTo(before);
            }
        }
    }

    @Test
    void keys_spread_evenly() {
        int[] counts = new int[REPLICAS];
        for (long key = 0; key < 8_000; key++) {
            counts[pick(key * 0x9e3779b97f4a7c15L, replicas(new int[REPLICAS])).index()]++;
        }
        assertThat(Arrays.stream(counts).min().orElseThrow()).isGreaterThan(880);
        assertThat(Arrays.stream(counts).max().orElseThrow()).isLessThan(1_120);
    }

    /// Conversations of unequal business over eight replicas, each of which remembers the last 60
    /// prefixes; 40 requests are in flight at any time.
    @Test
    void caches_are_hit_far_more_often_and_load_stays_within_the_bound() {
        Result near = simulate(true);
        Result least = simulate(false);
        assertThat(near.hitShare()).as("hits, seed 5").isGreaterThan(0.78);
        assertThat(least.hitShare()).as("hits without affinity, seed 5").isLessThan(0.5);
        assertThat(near.worst()).as("of the mean in flight, seed 5").isLessThanOrEqualTo(1.4);
    }

    private Result simulate(boolean near) {
        SplittableRandom random = new SplittableRandom(5);
        int[] inFlight = new int[REPLICAS];
        Deque<Integer> running = new ArrayDeque<>();
        Map<Integer, LinkedHashSet<Long>> caches = new HashMap<>();
        int hits = 0;
        double worst = 0;
        int requests = 20_000;
        for (int i = 0; i < requests; i++) {
            if (running.size() >= 40) {
                inFlight[running.removeFirst()]--;
            }
            // Zipf-like: the square makes some conversations far busier than others.
            double place = random.nextDouble();
            long key = (long) (400 * place * place) * 0x9e3779b97f4a7c15L;
            Pick pick =
                    near
                            ? pick(key, replicas(inFlight))
                            : new LeastLoadedOfTwo()
                                    .pick(replicas(inFlight), Set.of(), NOW, random);
            int index =
                    switch (pick) {
                        case Pick.Near(int at, _, _, _, _, _) -> at;
                        case Pick.Chosen(int at, _, _, _, _) -> at;
                        case Pick.AllEjected _, Pick.NoneReady _ -> throw new AssertionError();
                    };
            inFlight[index]++;
            running.addLast(index);
            LinkedHashSet<Long> cache = caches.computeIfAbsent(index, _ -> new LinkedHashSet<>());
            if (cache.remove(key)) {
                hits++;
            } else if (cache.size() >= 60) {
                cache.remove(cache.getFirst());
            }
            cache.add(key);
            if (running.size() >= 40) {
                worst = Math.max(worst, Arrays.stream(inFlight).max().orElseThrow() / 5.0);
            }
        }
        return new Result((double) hits / requests, worst);
    }

    private record Result(double hitShare, double worst) {}

    private Pick.Near pick(long key, List<Candidate> replicas) {
        return (Pick.Near) affinity.pick(key, replicas, Set.of(), NOW);
    }

    private static List<Candidate> replicas(int... inFlight) {
        return new ArrayList<>(
                IntStream.range(0, inFlight.length)
                        .mapToObj(i -> new Candidate("r" + i, inFlight[i], NOW))
                        .toList());
    }
}
