package dev.tidemill.runtimes.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.LoadOptions;
import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.ModelRuntime;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.testkit.ModelRuntimeContract;
import dev.tidemill.testkit.Tensors;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.Test;

final class OnnxRuntimeTest extends ModelRuntimeContract {
    @Override
    protected ModelRuntime runtime() {
        return new OnnxRuntime();
    }

    @Override
    protected Path addSub() {
        return model("add-sub");
    }

    @Override
    protected Path classifier() {
        return model("classifier");
    }

    @Override
    protected Path identity(DataType type) {
        String name = type == DataType.BYTES ? "string" : type.name().toLowerCase(Locale.ROOT);
        return model("identity-" + name);
    }

    @Override
    protected Set<DataType> types() {
        return EnumSet.allOf(DataType.class);
    }

    @Override
    protected Path breaksWhenRun() {
        return model("seven-only");
    }

    @Override
    protected Path broken() {
        return model("broken");
    }

    @Test
    void is_called_onnx() {
        assertThat(new OnnxRuntime().format()).isEqualTo("onnx");
    }

    @Test
    void says_its_device_and_why() {
        try (OnnxRuntime runtime =
                new OnnxRuntime(1, DeviceChoice.AUTO, () -> new FoundGpus.None("none here"))) {
            assertThat(runtime.device()).isEqualTo("cpu (none here)");
        }
    }

    @Test
    void looks_for_gpus_once() {
        AtomicInteger looks = new AtomicInteger();
        try (OnnxRuntime runtime =
                new OnnxRuntime(
                        1,
                        DeviceChoice.AUTO,
                        () -> new FoundGpus.None("look " + looks.incrementAndGet()))) {
            runtime.load(addSub()).close();
            runtime.load(addSub()).close();

            assertThat(runtime.device()).isEqualTo("cpu (look 1)");
        }
    }

    /// The library of this build is for the CPU, so the GPU that is promised here fails.
    @Test
    void a_gpu_that_fails_is_left_where_it_may_be() {
        Assumptions.assumeThat(OnnxNativeLibrary.flavour()).endsWith("for CPU");
        try (OnnxRuntime may = new OnnxRuntime(1, DeviceChoice.AUTO, () -> new FoundGpus.Some(2));
                LoadedModel model = may.load(addSub())) {
            assertThat(model.devices()).containsExactly("cpu");
            assertThatThrownBy(() ->
                            may.load(
                                    addSub(),
                                    new LoadOptions(LoadOptions.Placement.GPU, List.of())))
                    .hasMessageContaining("CUDA");
        }
    }

    @Test
    void a_gpu_that_fails_is_not_left_where_it_was_chosen() {
        Assumptions.assumeThat(OnnxNativeLibrary.flavour()).endsWith("for CPU");
        try (OnnxRuntime must =
                new OnnxRuntime(1, DeviceChoice.parse("cuda"), () -> new FoundGpus.Some(2))) {
            assertThatThrownBy(() -> must.load(addSub())).hasMessageContaining("CUDA");
        }
    }

    @Test
    void the_gpu_artifact_is_told_from_the_other() {
        assertThat(OnnxNativeLibrary.flavour())
                .matches("ONNX Runtime \\d+\\.\\d+\\.\\d+ for CPU( and CUDA)?");
    }

    @Test
    void refuses_bytes_that_are_no_text_instead_of_changing_them() {
        Tensor bytes =
                new Tensor.Text(
                        "x",
                        new long[] {1, 2},
                        List.of(new byte[] {(byte) 0xff, (byte) 0xfe}, new byte[0]));
        try (OnnxRuntime runtime = new OnnxRuntime();
                LoadedModel model = runtime.load(identity(DataType.BYTES))) {
            assertThatThrownBy(() -> model.run(List.of(bytes)))
                    .hasMessage("input x[0]: 'other bytes' (expected: UTF-8 text)");
        }
    }

    @Test
    void gives_outputs_whose_size_depends_on_the_values() {
        try (OnnxRuntime runtime = new OnnxRuntime();
                LoadedModel model = runtime.load(model("positions"))) {
            for (int ones : List.of(2, 2, 1, 3, 1)) {
                float[] values = new float[4];
                Arrays.fill(values, 0, ones, 1);
                Tensor output =
                        model.run(List.of(Tensors.floats("x", new long[] {4}, values))).getFirst();
                assertThat(output.shape()).containsExactly(1, ones);
            }
        }
    }

    @Test
    void takes_values_from_the_heap() {
        ByteBuffer heap = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        heap.putFloat(1.5f).putFloat(-2).flip();
        try (OnnxRuntime runtime = new OnnxRuntime();
                LoadedModel model = runtime.load(identity(DataType.FP32))) {
            List<Tensor> outputs =
                    model.run(
                            List.of(
                                    new Tensor.Numeric(
                                            "x", DataType.FP32, new long[] {1, 2}, heap)));
            assertThat(Tensors.floatsOf(outputs.getFirst())).containsExactly(1.5f, -2);
        }
    }

    @Test
    void refuses_outputs_that_are_no_tensors() {
        assertRefused("sequence", "expected: tensors only");
    }

    @Test
    void refuses_less_than_one_thread() {
        assertThatThrownBy(() -> new OnnxRuntime(0))
                .hasMessage("intraOpThreads: '0' (expected: >= 1)");
    }

    private static void assertRefused(String model, String message) {
        OnnxRuntime runtime = new OnnxRuntime();

        assertThatThrownBy(() -> runtime.load(model(model)))
                .isInstanceOfSatisfying(
                        TidemillException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_FAILED))
                .hasMessageContaining(message);
    }

    private static Path model(String name) {
        try {
            return Path.of(OnnxRuntimeTest.class.getResource("/models/add-sub.onnx").toURI())
                    .resolveSibling(name + ".onnx");
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
