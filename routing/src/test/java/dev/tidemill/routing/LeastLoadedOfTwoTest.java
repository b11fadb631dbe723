package dev.tidemill.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LeastLoadedOfTwoTest {
    private static final long NOW = 1_000_000;
    private final ReplicaPicker picker = new LeastLoadedOfTwo();

    /// Replicas are written `id:inFlight`, then `t` for tried and `e` for ejected.
    @ParameterizedTest
    @CsvSource({
        "a:0, a",
        "a:3 b:2, b",
        "a:0:t b:9, b",
        "a:0:e b:9, b",
        "a:0:e b:9:t, b",
        "a:5:t b:1:t, b",
        "a:5:e b:1:te, a",
        "a:5:e b:1:e, b",
        "a:0:te b:0:te c:7, c",
    })
    void the_situation_decides(String replicas, String chosen) {
        for (long seed = 0; seed < 20; seed++) {
            assertThat(pick(replicas, seed))
                    .as("seed %d", seed)
                    .isInstanceOfSatisfying(
                            Pick.Chosen.class, pick -> assertThat(pick.id()).isEqualTo(chosen));
        }
    }

    @Test
    void no_replica_is_said_in_a_sentence() {
        Pick pick = picker.pick(List.of(), Set.of(), NOW, new SplittableRandom(1));
        assertThat(pick).isEqualTo(new Pick.NoneReady());
        assertThat(pick.reason()).isEqualTo("no replica is ready");
    }

    @Test
    void replicas_that_all_refused_this_request_are_asked_again_when_the_first_ejection_ends() {
        List<Candidate> replicas =
                List.of(new Candidate("a", 0, NOW + 70), new Candidate("b", 0, NOW + 50));
        Pick pick = picker.pick(replicas, Set.of("a", "b"), NOW, new SplittableRandom(1));
        assertThat(pick).isEqualTo(new Pick.AllEjected(2, NOW + 50));
        assertThat(pick.reason())
                .isEqualTo("all 2 replicas refused a connection within the last moment");
    }

    @Test
    void an_ejection_ends_at_its_time_even_where_the_clock_wraps() {
        long before = Long.MAX_VALUE - 10;
        List<Candidate> replicas =
                List.of(new Candidate("a", 0, before + 20), new Candidate("b", 9, before - 5));
        assertThat(picker.pick(replicas, Set.of(), before, new SplittableRandom(1)))
                .isEqualTo(new Pick.Chosen(1, "b", Preference.FRESH, 9, 1));
        assertThat(picker.pick(replicas, Set.of(), before + 20, new SplittableRandom(1)))
                .isEqualTo(new Pick.Chosen(0, "a", Preference.FRESH, 0, 2));
    }

    @Test
    void a_choice_explains_itself() {
        assertThat(pick("a:2 b:7 c:7:t", 3).reason())
                .isEqualTo(
                        "replica 'a': 2 in flight, least loaded of two random among 2 that are"
                                + " reachable and not yet tried");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void a_tried_or_ejected_replica_is_never_picked_while_a_better_one_exists(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 2_000; round++) {
            List<Candidate> replicas = new ArrayList<>();
            Set<String> tried = new HashSet<>();
            int count = 1 + random.nextInt(6);
            for (int i = 0; i < count; i++) {
                long ejectedUntil = random.nextBoolean() ? NOW + 1 + random.nextInt(9) : NOW - 1;
                replicas.add(new Candidate("r" + i, random.nextInt(5), ejectedUntil));
                if (random.nextBoolean()) {
                    tried.add("r" + i);
                }
            }
            Preference best =
                    replicas.stream()
                            .map(r -> Preference.of(tried.contains(r.id()), r.isEjected(NOW)))
                            .min(Preference::compareTo)
                            .orElseThrow();
            Pick pick = picker.pick(replicas, tried, NOW, random);
            String as = "seed %d round %d".formatted(seed, round);
            switch (pick) {
                case Pick.Chosen chosen -> {
                    assertThat(chosen.preference()).as(as).isEqualTo(best);
                    assertThat(replicas.get(chosen.index()).id()).as(as).isEqualTo(chosen.id());
                }
                case Pick.AllEjected _ -> assertThat(best).as(as).isEqualTo(Preference.HOPELESS);
                case Pick.Near _, Pick.NoneReady _ -> throw new AssertionError(as);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 10, 50})
    void load_spreads_evenly(int count) {
        SplittableRandom random = new SplittableRandom(count);
        int[] inFlight = new int[count];
        for (int i = 0; i < count * 100; i++) {
            List<Candidate> replicas =
                    IntStream.range(0, count)
                            .mapToObj(r -> new Candidate("r" + r, inFlight[r], NOW))
                            .toList();
            Pick pick = picker.pick(replicas, Set.of(), NOW, random);
            inFlight[((Pick.Chosen) pick).index()]++;
        }
        // Two random choices stay within a few of the mean; one random choice would not.
        for (int load : inFlight) {
            assertThat(load).as("seed %d", count).isBetween(94, 106);
        }
    }

    @Test
    void equal_replicas_get_equal_shares() {
        SplittableRandom random = new SplittableRandom(7);
        int[] picks = new int[4];
        List<Candidate> idle =
                IntStream.range(0, 4).mapToObj(r -> new Candidate("r" + r, 0, NOW)).toList();
        for (int i = 0; i < 40_000; i++) {
            Pick pick = picker.pick(idle, Set.of(), NOW, random);
            picks[((Pick.Chosen) pick).index()]++;
        }
        for (int share : picks) {
            assertThat(share).isBetween(9_500, 10_500);
        }
    }

    private Pick pick(String replicas, long seed) {
        List<Candidate> candidates = new ArrayList<>();
        Set<String> tried = new HashSet<>();
        for (String replica : replicas.split(" ")) {
            String[] parts = replica.split(":");
            String marks = parts.length > 2 ? parts[2] : "";
            long ejectedUntil = marks.contains("e") ? NOW + 1 : NOW;
            candidates.add(new Candidate(parts[0], Integer.parseInt(parts[1]), ejectedUntil));
            if (marks.contains("t")) {
                tried.add(parts[0]);
            }
        }
        return picker.pick(candidates, tried, NOW, new SplittableRandom(seed));
    }
}
