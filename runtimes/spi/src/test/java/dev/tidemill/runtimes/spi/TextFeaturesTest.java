package dev.tidemill.runtimes.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TextFeaturesTest {
    private final TextFeatures features = new TextFeatures(1, 3, 4096, 128);

    @Test
    void case_width_and_spacing_do_not_matter() {
        assertThat(features.vector("Ｗhere  is\tMY grade?"))
                .isEqualTo(features.vector(" where is my grade? "));
    }

    @Test
    void different_questions_are_different_vectors() {
        assertThat(features.vector("我的成绩在哪里")).isNotEqualTo(features.vector("怎么交作业"));
    }

    @Test
    void vectors_do_not_change_between_releases() {
        float[] vector = features.vector("ab");
        int[] buckets = new int[9];
        int found = 0;
        for (int i = 0; i < vector.length; i++) {
            if (vector[i] > 0) {
                buckets[found++] = i;
            }
        }
        // " ", "a", "b", " a", "ab", "b ", " ab", "ab ": eight n-grams of " ab ", the space twice.
        // The buckets were computed by an independent implementation of the hash.
        assertThat(found).isEqualTo(8);
        assertThat(Arrays.copyOf(buckets, found))
                .containsExactly(435, 562, 856, 1037, 2004, 2810, 3329, 3568);
    }

    @Test
    void text_beyond_the_length_is_not_seen() {
        TextFeatures three = new TextFeatures(1, 1, 64, 3);
        assertThat(three.vector("abcdef")).isEqualTo(three.vector("abxyz"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\u0000", "\ud83d\ude00", "\ud83d", "a\ud83d\ude00b"})
    void any_text_gives_a_finite_vector_of_length_one(String text) {
        assertThat(length(features.vector(text))).isCloseTo(1.0, within(1e-5));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void random_texts_give_finite_vectors_of_length_one(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 200; i++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(300);
            for (int c = 0; c < length; c++) {
                text.appendCodePoint(random.nextInt(0x10ffff + 1));
            }
            assertThat(length(features.vector(text.toString())))
                    .as("seed %d text %d", seed, i)
                    .isCloseTo(1.0, within(1e-4));
        }
    }

    @Test
    void a_definition_refuses_what_makes_no_sense() {
        assertThatThrownBy(() -> new TextFeatures(0, 3, 64, 1))
                .hasMessageContaining("ngrams.min: '0'");
        assertThatThrownBy(() -> new TextFeatures(3, 2, 64, 1))
                .hasMessageContaining("ngrams.max: '2'");
        assertThatThrownBy(() -> new TextFeatures(1, 2, 100, 1))
                .hasMessageContaining("power of two");
        assertThatThrownBy(() -> new TextFeatures(1, 2, 64, 0))
                .hasMessageContaining("maxLength: '0'");
    }

    private static double length(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares);
    }
}
