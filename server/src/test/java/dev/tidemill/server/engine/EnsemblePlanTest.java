package dev.tidemill.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.TidemillException;
import dev.tidemill.server.modelconfig.ModelConfigReader;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EnsemblePlanTest {
    private static final String IN = "input { name: 'x' data_type: TYPE_INT32 dims: [ 2 ] } ";
    private static final String OUT = "output { name: 'y' data_type: TYPE_INT32 dims: [ 2 ] } ";

    @Test
    void says_every_problem_at_once() {
        assertThatThrownBy(() ->
                        plan(
                                IN
                                        + OUT
                                        + "output { name: 'z' data_type: TYPE_INT32 dims: [ 2 ] }"
                                        + "max_batch_size: 4 dynamic_batching {}"
                                        + "instance_group { count: 1 }"
                                        + "ensemble_scheduling {"
                                        + step("a", "i:x", "o:t", "p:x")
                                        + step("b", "i:nowhere", "o:t")
                                        + step("c", "i:t")
                                        + step("e", "i:t", "o:y")
                                        + "}"))
                .isInstanceOf(TidemillException.class)
                .hasMessage(
                        """
                        dynamic_batching: 'given' (expected: none, the steps' models join rows)
                        instance_group: 'given' (expected: none, the steps' models have theirs)
                        step 1 (a) output_map: 'x' (expected: a name that is not an input of the ensemble)
                        step 2 (b) output_map: 't' (expected: another name, step 1 (a) makes this one)
                        step 2 (b) input_map: 'nowhere' (expected: an input of the ensemble or what a step makes: [t, x, y])
                        step 3 (c) output_map: '' (expected: at least one tensor)
                        step 4 (e) model_name: 'e' (expected: another model than the ensemble itself)
                        output: 'z' (expected: a tensor that a step makes: [t, y])\
                        """);
    }

    @Test
    void needs_inputs_and_outputs_that_somebody_uses() {
        assertThatThrownBy(() -> plan("ensemble_scheduling {" + step("a", "i:x", "o:y") + "}"))
                .hasMessageContaining(
                        "input: '' (expected: at least one, with its name, data_type and dims)")
                .hasMessageContaining("output: '' (expected: at least one");
        assertThatThrownBy(() ->
                        plan(
                                IN
                                        + IN.replace("'x'", "'unused'")
                                        + OUT
                                        + "ensemble_scheduling {"
                                        + step("a", "i:x", "o:y")
                                        + "}"))
                .hasMessage("input: 'unused' (expected: a tensor that a step takes)");
    }

    @Test
    void shows_the_way_round_a_circle() {
        assertThatThrownBy(() ->
                        plan(
                                IN
                                        + OUT
                                        + "ensemble_scheduling {"
                                        + step("last", "i:c", "o:y")
                                        + step("a", "i:x", "j:c", "o:a")
                                        + step("b", "i:a", "o:b")
                                        + step("c", "i:b", "o:c")
                                        + "}"))
                .hasMessage(
                        "ensemble_scheduling.step: 'step 4 (c) -> step 2 (a) -> step 3 (b) -> step 4 (c)' (expected: no circle)");
    }

    @Test
    void only_what_is_wanted_is_needed() {
        EnsemblePlan plan =
                plan(
                        IN
                                + OUT
                                + OUT.replace("'y'", "'z'")
                                + "ensemble_scheduling {"
                                + step("c", "i:t", "o:z")
                                + step("a", "i:x", "o:t")
                                + step("b", "i:x", "o:y")
                                + step("idle", "i:x", "o:rest")
                                + "}");
        assertThat(plan.needed(List.of("y"))).isEqualTo(bits(2));
        assertThat(plan.needed(List.of("z"))).isEqualTo(bits(0, 1));
        assertThat(plan.needed(List.of())).isEqualTo(bits(0, 1, 2));
    }

    /// @param maps `i...:tensor` and `j...:tensor` for inputs, anything else for outputs
    static String step(String model, String... maps) {
        StringBuilder text = new StringBuilder("step { model_name: '" + model + "' ");
        for (String map : maps) {
            String[] pair = map.split(":");
            boolean input = pair[0].startsWith("i") || pair[0].startsWith("j");
            text.append(input ? "input_map" : "output_map")
                    .append(" { key: '%s' value: '%s' } ".formatted(pair[0], pair[1]));
        }
        return text.append("} ").toString();
    }

    private static EnsemblePlan plan(String config) {
        return EnsemblePlan.of(
                ModelConfigReader.text("config.pbtxt", config.getBytes(StandardCharsets.UTF_8), "e")
                        .config());
    }

    private static BitSet bits(int... set) {
        BitSet bits = new BitSet();
        for (int bit : set) {
            bits.set(bit);
        }
        return bits;
    }
}
