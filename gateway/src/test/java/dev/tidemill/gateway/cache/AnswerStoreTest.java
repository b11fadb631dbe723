package dev.tidemill.gateway.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class AnswerStoreTest {
    private static final long TTL = 1_000;

    @Test
    void the_one_that_was_not_asked_for_longest_makes_room() {
        AnswerStore store = new AnswerStore(2, 1 << 20, TTL);
        store.put(key(1), answer(10, 0), null);
        store.put(key(2), answer(10, 0), null);
        store.get(key(1), 0);
        store.put(key(3), answer(10, 0), null);

        assertThat(store.get(key(1), 0)).isNotNull();
        assertThat(store.get(key(2), 0)).isNull();
        assertThat(store.get(key(3), 0)).isNotNull();
    }

    @Test
    void bytes_are_bounded_and_what_is_larger_than_all_room_is_not_kept() {
        AnswerStore store = new AnswerStore(100, 3_000, TTL);
        for (int i = 0; i < 10; i++) {
            store.put(key(i), answer(1_000, 0), null);
        }
        assertThat(store.size()).isEqualTo(2);
        assertThat(store.bytes()).isLessThanOrEqualTo(3_000);
        store.put(key(11), answer(3_000, 0), null);
        assertThat(store.get(key(11), 0)).isNull();
        assertThat(store.size()).isEqualTo(2);
        store.put(key(9), answer(10, 0), null);
        assertThat(store.bytes()).isLessThan(2_000);
    }

    @Test
    void an_answer_is_given_until_its_time_is_over() {
        AnswerStore store = new AnswerStore(2, 1 << 20, TTL);
        store.put(key(1), answer(10, 5), null);
        assertThat(store.get(key(1), 5 + TTL - 1)).isNotNull();
        assertThat(store.get(key(1), 5 + TTL)).isNull();
        assertThat(store.size()).isZero();
    }

    @Test
    void the_nearest_of_those_with_the_same_surroundings_is_found() {
        AnswerStore store = new AnswerStore(10, 1 << 20, TTL);
        store.put(key(1), answer(1, 0), Meaning.of(key(100), new float[] {1, 0, 0, 0, 0}));
        store.put(key(2), answer(2, 0), Meaning.of(key(100), new float[] {1, 0.1f, 0, 0, 0}));
        store.put(key(3), answer(3, 0), Meaning.of(key(200), new float[] {1, 0.2f, 0, 0, 0}));

        Meaning asked = Meaning.of(key(100), new float[] {5, 1, 0, 0, 0});
        AnswerStore.Near near = Objects.requireNonNull(store.nearest(asked, 0.9, 0));
        assertThat(near.answer().body()).hasSize(2);
        assertThat(near.similarity()).isBetween(0.99, 1.0);
        assertThat(store.nearest(asked, 0.999, 0)).isNull();
        assertThat(store.nearest(asked, 0.9, TTL)).isNull();
        assertThat(store.nearest(Meaning.of(key(100), new float[] {1, 0}), 0.5, 0)).isNull();
    }

    @Test
    void finds_the_same_as_who_compares_all_of_all() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 50; round++) {
            int dimensions = 1 + random.nextInt(200);
            AnswerStore store = new AnswerStore(40, 1 << 24, TTL);
            float[] center = vector(random, dimensions, new float[dimensions], 1);
            List<float[]> kept = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                float[] next = vector(random, dimensions, center, random.nextDouble());
                kept.add(next);
                store.put(key(i), answer(i, 0), Meaning.of(key(100), next));
            }
            float[] asked = vector(random, dimensions, center, random.nextDouble());
            double threshold = random.nextDouble(0.5, 1);
            double best = kept.stream().mapToDouble(v -> cosine(v, asked)).max().orElseThrow();
            AnswerStore.Near near = store.nearest(Meaning.of(key(100), asked), threshold, 0);
            if (Math.abs(best - threshold) < 1e-4) {
                continue;
            }
            assertThat(near != null)
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(best > threshold);
            if (near != null) {
                assertThat(near.similarity()).as("seed %d", seed).isEqualTo(best, within(1e-4));
                assertThat(cosine(kept.get(near.answer().body().length), asked))
                        .as("seed %d", seed)
                        .isEqualTo(best, within(1e-4));
            }
        }
    }

    @Test
    void what_was_replaced_or_has_gone_is_found_no_more() {
        AnswerStore store = new AnswerStore(2, 1 << 20, TTL);
        Meaning asked = Meaning.of(key(100), new float[] {1, 0});
        store.put(key(1), answer(1, 0), Meaning.of(key(100), new float[] {1, 0}));
        assertThat(store.nearest(asked, 0.9, 0)).isNotNull();
        store.put(key(1), answer(1, 0), Meaning.of(key(100), new float[] {0, 1}));
        assertThat(store.nearest(asked, 0.9, 0)).isNull();
        store.put(key(2), answer(1, 0), Meaning.of(key(100), new float[] {1, 0}));
        assertThat(store.nearest(asked, 0.9, 0)).isNotNull();
        store.put(key(3), answer(1, 0), null);
        store.put(key(4), answer(1, 0), null);
        assertThat(store.nearest(asked, 0.9, 0)).isNull();
    }

    private static float[] vector(
            SplittableRandom random, int dimensions, float[] center, double apart) {
        float[] vector = new float[dimensions];
        for (int i = 0; i < dimensions; i++) {
            vector[i] = (float) (center[i] + apart * random.nextGaussian());
        }
        return vector;
    }

    private static double cosine(float[] a, float[] b) {
        double dot = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
            aa += (double) a[i] * a[i];
            bb += (double) b[i] * b[i];
        }
        return dot / Math.sqrt(aa * bb);
    }

    private static CacheKey key(long number) {
        return new CacheKey(number, 0, 0, 0);
    }

    private static CachedAnswer answer(int bytes, long atNanos) {
        return new CachedAnswer("application/json", new byte[bytes], false, atNanos);
    }
}
