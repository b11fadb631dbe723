package dev.tidemill.server.modelconfig;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.http.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class EffectiveConfigTest {
    @Test
    void looks_as_tritons_does() {
        assertThat(
                        shown(
                                """
                                {"platform":"onnxruntime_onnx","backend":"onnxruntime","max_batch_size":64,
                                 "input":[{"name":"x","data_type":"TYPE_FP32","dims":[4]}],
                                 "output":[{"name":"y","data_type":"TYPE_STRING","dims":[]}],
                                 "dynamic_batching":{}}
                                """))
                .isEqualTo(
                        """
                        {"name":"m","platform":"onnxruntime_onnx","backend":"onnxruntime",\
                        "version_policy":{"latest":{"num_versions":1}},"max_batch_size":64,\
                        "input":[{"name":"x","data_type":"TYPE_FP32","format":"FORMAT_NONE","dims":[4],\
                        "is_shape_tensor":false,"allow_ragged_batch":false,"optional":false,\
                        "is_non_linear_format_io":false}],\
                        "output":[{"name":"y","data_type":"TYPE_STRING","dims":[],"label_filename":"",\
                        "is_shape_tensor":false,"is_non_linear_format_io":false}],\
                        "batch_input":[],"batch_output":[],\
                        "dynamic_batching":{"preferred_batch_size":[64],"max_queue_delay_microseconds":0,\
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
                {"platform":"onnxruntime_onnx","max_batch_size":8,
                 "version_policy":{"specific":{"versions":[3]}},
                 "dynamic_batching":{"preferred_batch_size":[2,4],"max_queue_delay_microseconds":100,
                   "priority_levels":2,"default_priority_level":2,
                   "default_queue_policy":{"timeout_action":"DELAY","max_queue_size":5},
                   "priority_queue_policy":{"1":{"default_timeout_microseconds":7}}},
                 "instance_group":[{"kind":"KIND_GPU","count":2,"gpus":[0]}],
                 "parameters":{"a":{"string_value":"b"}},"response_cache":{"enable":true},
                 "default_model_filename":"deep/other.onnx",
                 "model_warmup":[{"name":"w","batch_size":1,"count":2,
                   "inputs":{"x":{"data_type":"TYPE_FP32","dims":[4],"zero_data":true}}}]}
                """;

        assertThat(read(shown(config))).isEqualTo(read(config));
    }

    private static ModelConfig read(String json) {
        return ModelConfigReader.json("config", json, "m").config();
    }

    private static String shown(String json) {
        return new String(Json.bytes(EffectiveConfig.json(read(json))), StandardCharsets.UTF_8);
    }
}
