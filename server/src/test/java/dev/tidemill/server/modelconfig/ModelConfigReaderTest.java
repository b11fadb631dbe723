package dev.tidemill.server.modelconfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.server.modelconfig.QueuePolicy.TimeoutAction;
import dev.tidemill.server.modelconfig.WarmUpRequest.Fill;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ModelConfigReaderTest {
    private static final String WHOLE =
            """
            # every part that we serve
            name: "m"
            platform: "onnxruntime_onnx"
            backend: 'onnx' "runtime"
            max_batch_size: 8
            input [
              { name: "x" data_type: TYPE_FP32 dims: [ -1, 4 ] optional: true },
              { name: "t", data_type: TYPE_STRING, dims: 1 }
            ]
            output < name: "y\\x20\\u0041\\101\\n" data_type: TYPE_INT64 dims: [] label_filename: "l.txt" >
            version_policy: { specific { versions: [1, 3] } }
            instance_group { count: 2 kind: KIND_GPU gpus: [0, 1] }
            dynamic_batching {
              preferred_batch_size: [ 4, 2 ]; max_queue_delay_microseconds: 0x64
              priority_levels: 2 default_priority_level: 1
              default_queue_policy { timeout_action: DELAY default_timeout_microseconds: 5 max_queue_size: 9 }
              priority_queue_policy { key: 2 value { allow_timeout_override: true } }
            }
            model_warmup { name: "w" batch_size: 3 count: 2
              inputs { key: "x" value: { data_type: TYPE_FP32 dims: [2, 4] random_data: true } } }
            response_cache { enable: true }
            parameters { key: "a" value { string_value: "b" } }
            default_model_filename: "other.onnx"
            """;

    @Test
    void reads_every_part_of_a_text_file() {
        ReadConfig read = text(WHOLE);
        ModelConfig config = read.config();

        assertThat(config.name()).isEqualTo("m");
        assertThat(config.backend()).isEqualTo("onnxruntime");
        assertThat(config.maxBatchSize()).contains(8);
        assertThat(config.inputs())
                .containsExactly(
                        new TensorConfig("x", DataType.FP32, List.of(-1L, 4L), "", true),
                        new TensorConfig("t", DataType.BYTES, List.of(1L), "", false));
        assertThat(config.outputs())
                .containsExactly(
                        new TensorConfig("y AA\n", DataType.INT64, List.of(), "l.txt", false));
        assertThat(config.versions()).isEqualTo(new VersionPolicy.Specific(List.of(1L, 3L)));
        assertThat(config.instances())
                .containsExactly(new InstanceGroup(2, InstanceGroup.Kind.GPU, List.of(0, 1)));
        assertThat(config.batching())
                .contains(
                        new DynamicBatching(
                                List.of(2, 4),
                                Duration.ofNanos(100_000),
                                false,
                                2,
                                1,
                                new QueuePolicy(
                                        9, Duration.ofNanos(5_000), TimeoutAction.DELAY, false),
                                Map.of(
                                        2,
                                        new QueuePolicy(
                                                0, Duration.ZERO, TimeoutAction.REJECT, true))));
        assertThat(config.batchingSaid()).isTrue();
        assertThat(config.warmUp())
                .containsExactly(
                        new WarmUpRequest(
                                "w",
                                3,
                                2,
                                Map.of(
                                        "x",
                                        new WarmUpRequest.Input(
                                                DataType.FP32, List.of(2L, 4L), Fill.RANDOM, ""))));
        assertThat(config.responseCache()).isTrue();
        assertThat(config.parameters()).isEqualTo(Map.of("a", "b"));
        assertThat(read.config().modelFile()).isEqualTo("other.onnx");
        assertThat(read.warnings()).isEmpty();
    }

    @Test
    void reads_the_same_from_json_in_both_spellings() {
        ModelConfig config =
                ModelConfigReader.json(
                                "config",
                                """
                                {"name":"m","maxBatchSize":4,"platform":"ensemble",
                                 "input":[{"name":"x","data_type":"TYPE_FP32","dims":["-1"]}],
                                 "ensemble_scheduling":{"step":[{"model_name":"a","model_version":"-1",
                                   "input_map":{"in_A":"x"},"output_map":{"o":"y"}}]},
                                 "parameters":{"k_B":{"string_value":"v"}},"dynamic_batching":{}}
                                """,
                                "m")
                        .config();

        assertThat(config.maxBatchSize()).contains(4);
        assertThat(config.inputs().getFirst().shape()).containsExactly(-1L);
        assertThat(config.ensemble())
                .contains(
                        new Ensemble(
                                List.of(
                                        new Ensemble.Step(
                                                "a", -1, Map.of("in_A", "x"), Map.of("o", "y")))));
        assertThat(config.parameters()).isEqualTo(Map.of("k_B", "v"));
        assertThat(config.batching()).contains(DYNAMIC);
    }

    private static final DynamicBatching DYNAMIC =
            new DynamicBatching(
                    List.of(),
                    Duration.ZERO,
                    false,
                    0,
                    0,
                    DynamicBatching.DEFAULT.defaultPolicy(),
                    Map.of());

    @Test
    void infers_what_is_not_said() {
        ModelConfig config = text("").config();

        assertThat(config).isEqualTo(ModelConfig.inferred("m"));
        assertThat(text("max_batch_size: 0").config().maxBatchSize()).isEqualTo(Optional.of(0));
    }

    @Test
    void names_the_key_that_was_meant() {
        assertRefused(
                "max_batchsize: 8",
                "config.pbtxt:1:1: field: 'max_batchsize' (expected: max_batch_size?)");
        assertRefused(
                "dynamic_batching {\n  prefered_batch_size: 8 }",
                "config.pbtxt:2:3: dynamic_batching: 'prefered_batch_size'"
                        + " (expected: preferred_batch_size?)");
    }

    @Test
    void tells_all_problems_at_once() {
        assertThatThrownBy(() -> text("max_batch_size: -1\ninput { dims: 0 }"))
                .message()
                .contains("max_batch_size: '-1' (expected: an integer, 0 to 1048576)")
                .contains("input[0].data_type: 'missing' (expected: a type)")
                .contains("input[0].dims: '0' (expected: -1 or >= 1)")
                .contains("input[0].name: '' (expected: a name, each once)");
    }

    @Test
    void refuses_what_would_be_served_otherwise_than_written() {
        assertRefused("sequence_batching {}", "expected: nothing: requests of one caller stay");
        assertRefused(
                "input { name: \"x\" data_type: TYPE_FP32 dims: 1 reshape { shape: [] } }",
                "input[0].reshape");
        assertRefused("model_transaction_policy { coupled: true }", "decoupled?");
        assertRefused("name: \"other\"", "name: 'other' (expected: m, as the folder");
        assertRefused(
                "max_batch_size: 4 dynamic_batching { preferred_batch_size: 8 }",
                "preferred_batch_size: '8' (expected: an integer, 1 to 4)");
        assertRefused("version_policy { latest {} all {} }", "'2 of them'");
    }

    @Test
    void warns_once_about_what_has_no_effect() {
        assertThat(
                        text("optimization { graph { level: 1 } } metric_tags { key: \"a\" }")
                                .warnings())
                .containsExactly(
                        "config.pbtxt: optimization is ignored: ONNX Runtime optimises every model",
                        "config.pbtxt: metric_tags is ignored: metrics have the labels model and"
                                + " version");
    }

    @Test
    void says_where_a_text_breaks() {
        assertRefused("name: \"m\nx", "config.pbtxt:1:7: text format");
        assertRefused("input [ { name: \"x\" ]", "config.pbtxt:1:21: text format: ']'");
        assertRefused("name \"m\"", "config.pbtxt:1:6: text format: 'm' (expected: ':' or '{'");
        assertRefused("a: \"\\q\"", "an escape such as");
        assertRefused("a: \"\\xff\"", "UTF-8");
        assertRefused("input {".repeat(40), "at most 32 messages in one another");
        assertRefused("max_batch_size: 8x", "max_batch_size: '8x' (expected: an integer");
        assertRefused("name: \"a\" name: \"m\"", "name: 'twice' (expected: once)");
    }

    @Test
    void refuses_or_reads_whatever_a_mutation_makes_of_a_file() {
        long seed = Long.getLong("tidemill.seed", 20_261_121);
        SplittableRandom random = new SplittableRandom(seed);
        byte[] whole = WHOLE.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 20_000; i++) {
            byte[] mutant = mutant(whole, random);
            try {
                ModelConfigReader.text("config.pbtxt", mutant, "m");
            } catch (TidemillException _) {
                // refused, as it may be
            } catch (RuntimeException e) {
                throw new AssertionError(
                        "seed %d, mutant %d: %s"
                                .formatted(seed, i, new String(mutant, StandardCharsets.UTF_8)),
                        e);
            }
        }
    }

    private static byte[] mutant(byte[] whole, SplittableRandom random) {
        byte[] mutant = whole.clone();
        for (int changes = random.nextInt(1, 5); changes > 0; changes--) {
            int at = random.nextInt(mutant.length);
            switch (random.nextInt(3)) {
                case 0 -> mutant[at] = (byte) random.nextInt(256);
                case 1 -> mutant[at] = (byte) "{}[]<>:;,\"'-0\\#".charAt(random.nextInt(15));
                default -> {
                    int from = random.nextInt(mutant.length);
                    int length =
                            Math.min(
                                    random.nextInt(40),
                                    Math.min(mutant.length - at, mutant.length - from));
                    System.arraycopy(whole, from, mutant, at, length);
                }
            }
        }
        return mutant;
    }

    private static void assertRefused(String text, String message) {
        assertThatThrownBy(() -> text(text))
                .isInstanceOf(TidemillException.class)
                .message()
                .contains(message);
    }

    private static ReadConfig text(String text) {
        return ModelConfigReader.text("config.pbtxt", text.getBytes(StandardCharsets.UTF_8), "m");
    }
}
