package dev.tidemill.cli.importing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.TensorSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ConfigPbtxtTest {
    private static final TensorSpec IN = new TensorSpec("x", DataType.FP32, List.of(-1L, 3L, -1L));
    private static final TensorSpec OUT = new TensorSpec("p", DataType.FP32, List.of(-1L, 2L));

    @Test
    void open_first_dimensions_are_the_batch_and_not_written() {
        assertThat(ConfigPbtxt.of("m", List.of(IN), List.of(OUT), "p"))
                .isEqualTo(
                        """
                        name: "m"
                        platform: "onnxruntime_onnx"
                        max_batch_size: 32
                        input [
                          { name: "x", data_type: TYPE_FP32, dims: [ 3, -1 ] }
                        ]
                        output [
                          { name: "p", data_type: TYPE_FP32, dims: [ 2 ], label_filename: "labels.txt" }
                        ]
                        """);
    }

    @Test
    void a_fixed_first_dimension_means_no_batching_and_whole_shapes() {
        TensorSpec fixed = new TensorSpec("x", DataType.BYTES, List.of(4L, 3L));
        assertThat(ConfigPbtxt.of("m", List.of(fixed), List.of(OUT), ""))
                .contains("max_batch_size: 0")
                .contains("data_type: TYPE_STRING, dims: [ 4, 3 ] }")
                .contains("dims: [ -1, 2 ] }");
    }

    @Test
    void a_tensor_of_one_value_a_row_leaves_the_shapes_to_the_server() {
        TensorSpec label = new TensorSpec("label", DataType.INT64, List.of(-1L));
        assertThat(ConfigPbtxt.of("m", List.of(IN), List.of(label, OUT), ""))
                .isEqualTo("name: \"m\"\nplatform: \"onnxruntime_onnx\"\n");
    }
}
