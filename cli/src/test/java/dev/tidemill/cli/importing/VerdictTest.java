package dev.tidemill.cli.importing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class VerdictTest {
    @Test
    void differences_within_the_tolerance_agree_and_are_told_by_output() {
        Verdict verdict =
                Verdict.of(List.of(far("p", 1, 1e-7), far("p", 7, 3e-6), far("q", 1, 0)), 1e-4);
        assertThat(verdict.agrees()).isTrue();
        assertThat(verdict.lines())
                .containsExactly(
                        "p: 20 values in batches of 1, 7, largest difference 3.0e-06 absolute, 3.0e-06 relative, 0 unequal",
                        "q: 10 values in batches of 1, largest difference 0.0 absolute, 0.0 relative, 0 unequal");
    }

    @Test
    void a_difference_above_the_tolerance_names_output_and_batch() {
        Verdict verdict = Verdict.of(List.of(far("p", 1, 1e-7), far("p", 7, 0.5)), 1e-4);
        assertThat(verdict.agrees()).isFalse();
        assertThat(verdict.problems())
                .containsExactly(
                        "output p: 'differs by 0.500 in a batch of 7' (expected: at most 0.000100; see --tolerance)");
    }

    @Test
    void one_label_that_is_not_equal_is_too_many() {
        Verdict verdict = Verdict.of(List.of(new Difference("label", 32, 32, 0, 0, 0, 1, "")), 1);
        assertThat(verdict.problems()).hasSize(1);
        assertThat(verdict.problems().getFirst()).contains("1 of 32 values unequal");
    }

    @Test
    void shapes_that_differ_do_not_agree_whatever_the_values() {
        Verdict verdict =
                Verdict.of(List.of(new Difference("p", 2, 4, 0, 0, 0, 0, "[2, 2] and [4]")), 1);
        assertThat(verdict.problems().getFirst()).contains("[2, 2] and [4]");
    }

    @Test
    void not_a_number_never_agrees() {
        assertThat(Verdict.of(List.of(far("p", 1, Double.NaN)), 1).agrees()).isFalse();
    }

    @Test
    void nothing_compared_is_no_agreement() {
        assertThat(Verdict.of(List.of(), 1).agrees()).isFalse();
    }

    @Test
    void it_agrees_exactly_when_every_difference_is_within() {
        long seed = 20_261_121L;
        Random random = new Random(seed);
        for (int round = 0; round < 1000; round++) {
            double tolerance = Math.pow(10, -random.nextInt(6));
            List<Difference> all =
                    random.doubles(1 + random.nextInt(6))
                            .mapToObj(value -> far("p", 1, value * 2 * tolerance))
                            .toList();
            boolean within = all.stream().allMatch(one -> one.worst() <= tolerance);
            assertThat(Verdict.of(all, tolerance).agrees())
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(within);
        }
    }

    private static Difference far(String output, int batch, double by) {
        return new Difference(output, batch, 10, by, by, by, 0, "");
    }
}
