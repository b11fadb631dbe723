package dev.tidemill.server.modelconfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.http.Json;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.TensorSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class EffectiveConfigTest {
    private static final List<TensorSpec> X =
            List.of(new TensorSpec("x", DataType.FP32, List.of(-1L, 4L)));
    private static final List<TensorSpec> Y =
            List.of(new TensorSpec("y", DataType.BYTES, List.of(-1L)));

    @Test
    void comes_from_the_model_where_nothing_is_said() {
        Map<String, Object> json = EffectiveConfig.json(ModelConfig.inferred("m"), X, Y);

        assertThat(text(json))
                .isEqualTo(
                        """
                        {"name":"m","platform":"onnxruntime_onnx","backend":"onnxruntime",\
                        "version_policy":{"latest":{"num_versions":1}},"max_batch_size":32,\
                        "input":[{"name":"x","data_type":"TYPE_FP32","format":"FORMAT_NONE","dims":[4],\
                        "is_shape_tensor":false,"allow_ragged_batch":false,"optional":false,\
                        "is_non_linear_format_io":false}],\
                        "output":[{"name":"y","data_type":"TYPE_STRING","dims":[],"label_filename":"",\
                        "is_shape_tensor":false,"is_non_linear_format_io":false}],\
                        "batch_input":[],"batch_output":[],\
                        "dynamic_batching":{"preferred_batch_size":[32],"max_queue_delay_microseconds":0,\
                        "preserve_ordering":false,"priority_levels":0,"default_priority_level":0,\
                        "priority_queue_policy":{}},\
                        "instance_group":[{"name":"m","kind":"KIND_CPU","count":1,"gpus":[]}],\
                        "default_model_filename":"model.onnx","parameters":{},"model_warmup":[]}\
                        """);
    }

    @Test
    void reads_back_as_what_it_was() {
        String config =
                """
                {"max_batch_size":8,"version_policy":{"specific":{"versions":[3]}},
                 "dynamic_batching":{"preferred_batch_size":[2,4],"max_queue_delay_microseconds":100,
                   "priority_levels":2,"default_priority_level":2,
                   "default_queue_policy":{"timeout_action":"DELAY","max_queue_size":5},
                   "priority_queue_policy":{"1":{"default_timeout_microseconds":7}}},
                 "instance_group":[{"kind":"KIND_GPU","count":2,"gpus":[0]}],
                 "parameters":{"a":{"string_value":"b"}},"response_cache":{"enable":true},
                 "model_warmup":[{"name":"w","batch_size":1,"count":2,
                   "inputs":{"x":{"data_type":"TYPE_FP32","dims":[4],"zero_data":true}}}]}
                """;
        ModelConfig said = ModelConfigReader.json("config", config, "m").config();
        ModelConfig shown =
                ModelConfigReader.json("shown", text(EffectiveConfig.json(said, X, Y)), "m")
                        .config();

        assertThat(EffectiveConfig.complete(shown, X, Y, 1))
                .isEqualTo(EffectiveConfig.complete(said, X, Y, 1));
        assertThat(shown.batching()).isEqualTo(said.batching());
        assertThat(shown.warmUp()).isEqualTo(said.warmUp());
    }

    @Test
    void takes_no_batches_where_the_model_has_fixed_rows() {
        List<TensorSpec> fixed = List.of(new TensorSpec("x", DataType.FP32, List.of(1L, 4L)));
        ModelConfig complete = EffectiveConfig.complete(ModelConfig.inferred("m"), fixed, Y, 1);

        assertThat(complete.maxBatchSize()).contains(0);
        assertThat(complete.batching()).isEmpty();
        assertThat(complete.inputs().getFirst().shape()).containsExactly(1L, 4L);
        assertThatThrownBy(() ->
                        ConfigCheck.check(
                                ModelConfigReader.json("c", "{\"max_batch_size\":8}", "m").config(),
                                fixed,
                                Y))
                .hasMessageStartingWith(
                        "max_batch_size: '8' (expected: 0, because the model's input x has the"
                                + " shape [1, 4], whose first dimension takes no batches");
    }

    private static String text(Map<String, Object> json) {
        return new String(Json.bytes(json), StandardCharsets.UTF_8);
    }
}
