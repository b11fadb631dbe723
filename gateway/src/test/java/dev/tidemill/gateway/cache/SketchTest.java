package dev.tidemill.gateway.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SketchTest {
    @ParameterizedTest
    @CsvSource({"2, 0.97", "3, 0.5", "100, 0.97", "1536, 0.97", "1536, 0.6", "10000, 0.9"})
    void vectors_differ_in_as_many_bits_as_their_angle_says(int dimensions, double cosine) {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        double sum = 0;
        for (int i = 0; i < 50; i++) {
            float[] one = direction(random, dimensions);
            int apart = apart(one, at(random, one, cosine));
            assertThat(apart).as("seed %d", seed).isLessThanOrEqualTo(Sketch.mostApart(cosine));
            sum += apart;
        }
        assertThat(sum / 50)
                .as("seed %d", seed)
                .isEqualTo(256 * Math.acos(cosine) / Math.PI, within(dimensions < 10 ? 20.0 : 8.0));
    }

    @Test
    void strangers_are_not_looked_at_where_near_ones_are_wanted() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 100; i++) {
            float[] one = direction(random, 768);
            assertThat(apart(one, at(random, one, 0.5))).isGreaterThan(Sketch.mostApart(0.97));
        }
        assertThat(Sketch.mostApart(-1)).isGreaterThanOrEqualTo(256);
        assertThat(Sketch.mostApart(1)).isLessThan(10);
    }

    @Test
    void places_are_used_again_and_what_was_removed_is_not_found() {
        Sketches<String> sketches = new Sketches<>();
        SplittableRandom random = new SplittableRandom(7);
        float[][] vectors = new float[200][];
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = direction(random, 64);
            assertThat(sketches.add(Sketch.of(vectors[i]), "v" + i)).isEqualTo(i);
        }
        assertThat(sketches.near(Sketch.of(vectors[150]), 0)).isEqualTo(List.of("v150"));
        sketches.remove(150);
        assertThat(sketches.near(Sketch.of(vectors[150]), 0)).isEmpty();
        assertThat(sketches.add(Sketch.of(vectors[150]), "again")).isEqualTo(150);
        assertThat(sketches.near(Sketch.of(vectors[150]), 0)).isEqualTo(List.of("again"));
        assertThat(sketches.near(Sketch.of(vectors[3]), 256)).hasSize(200);
    }

    private static int apart(float[] one, float[] other) {
        long[] kept = new long[Sketch.WORDS];
        Sketch.of(other).keep(kept, 0);
        return Sketch.of(one).apart(kept, 0);
    }

    /// A vector with that cosine to another of length 1.
    private static float[] at(SplittableRandom random, float[] one, double cosine) {
        float[] across = direction(random, one.length);
        double dot = 0;
        for (int i = 0; i < one.length; i++) {
            dot += (double) one[i] * across[i];
        }
        double square = 0;
        for (int i = 0; i < one.length; i++) {
            across[i] -= (float) (dot * one[i]);
            square += (double) across[i] * across[i];
        }
        float[] found = new float[one.length];
        double sine = Math.sqrt(1 - cosine * cosine) / Math.sqrt(square);
        for (int i = 0; i < one.length; i++) {
            found[i] = (float) (cosine * one[i] + sine * across[i]);
        }
        return found;
    }

    private static float[] direction(SplittableRandom random, int dimensions) {
        float[] vector = new float[dimensions];
        double square = 0;
        for (int i = 0; i < dimensions; i++) {
            vector[i] = (float) random.nextGaussian();
            square += (double) vector[i] * vector[i];
        }
        for (int i = 0; i < dimensions; i++) {
            vector[i] /= (float) Math.sqrt(square);
        }
        return vector;
    }
}
