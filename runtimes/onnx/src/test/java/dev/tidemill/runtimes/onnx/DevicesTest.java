package dev.tidemill.runtimes.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.LoadOptions;
import dev.tidemill.runtimes.spi.LoadOptions.Placement;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DevicesTest {
    private static final FoundGpus NONE = new FoundGpus.None("NVIDIA's driver sees no GPU");

    @Test
    void reads_the_choices_and_writes_them_back() {
        for (String text : List.of("auto", "cpu", "cuda", "cuda:0", "cuda:12")) {
            assertThat(DeviceChoice.parse(text)).hasToString(text);
        }
        for (String text : List.of("", "gpu", "CUDA", "cuda:", "cuda:x", "cuda:-1", "cuda:99999")) {
            assertThatThrownBy(() -> DeviceChoice.parse(text))
                    .hasMessage(
                            "device: '%s' (expected: auto, cpu, cuda or cuda:N)".formatted(text));
        }
    }

    @Test
    void auto_takes_every_gpu_that_answers() {
        assertThat(devices("auto", new FoundGpus.Some(2)))
                .hasToString("cuda:0, cuda:1 (2 GPUs answer)");
        assertThat(devices("auto", new FoundGpus.Some(1))).hasToString("cuda:0 (1 GPU answers)");
    }

    @Test
    void auto_without_a_gpu_is_the_cpu_and_says_why() {
        assertThat(devices("auto", NONE)).hasToString("cpu (NVIDIA's driver sees no GPU)");
    }

    @Test
    void cpu_does_not_look_for_gpus() {
        Devices devices =
                Devices.of(
                        DeviceChoice.parse("cpu"),
                        () -> {
                            throw new AssertionError("looked");
                        });

        assertThat(devices).hasToString("cpu (chosen)");
    }

    @Test
    void a_number_is_that_gpu_only() {
        assertThat(devices("cuda:1", new FoundGpus.Some(3)))
                .hasToString("cuda:1 (chosen, 3 GPUs answer)");
    }

    @Test
    void cuda_without_a_gpu_is_refused_with_the_reason() {
        assertThatThrownBy(() -> devices("cuda", NONE))
                .isInstanceOfSatisfying(
                        TidemillException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                .hasMessage(
                        "device: 'cuda' (expected: a GPU that can be used, but NVIDIA's driver sees no GPU)");
        assertThatThrownBy(() -> devices("cuda:2", new FoundGpus.Some(2)))
                .hasMessage("device: 'cuda:2' (expected: cuda:0 to cuda:1)");
    }

    @Test
    void a_model_goes_where_it_asks_to() {
        Devices two = devices("auto", new FoundGpus.Some(2));

        assertThat(two.place(LoadOptions.DEFAULT)).containsExactly(0, 1);
        assertThat(two.place(asked(Placement.CPU))).isEmpty();
        assertThat(two.place(asked(Placement.GPU))).containsExactly(0, 1);
        assertThat(two.place(asked(Placement.GPU, 1, 1))).containsExactly(1);
        assertThat(two.place(asked(Placement.AUTO, 1, 7))).containsExactly(1);
        assertThat(two.place(asked(Placement.AUTO, 7))).isEmpty();
    }

    @Test
    void a_model_that_must_have_a_gpu_is_refused_without_one() {
        assertThatThrownBy(() -> devices("auto", NONE).place(asked(Placement.GPU)))
                .isInstanceOfSatisfying(
                        TidemillException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_FAILED))
                .hasMessage(
                        "placement: 'GPU' (expected: CPU or AUTO, because this process runs on the CPU: NVIDIA's driver sees no GPU)");
        assertThatThrownBy(() ->
                        devices("cuda:1", new FoundGpus.Some(2)).place(asked(Placement.GPU, 0)))
                .hasMessage("GPU: '0' (expected: of [1])");
    }

    @Test
    void only_a_chosen_gpu_is_held_to() {
        assertThat(devices("cuda", new FoundGpus.Some(1)).strict()).isTrue();
        assertThat(devices("auto", new FoundGpus.Some(1)).strict()).isFalse();
    }

    private static Devices devices(String choice, FoundGpus found) {
        return Devices.of(DeviceChoice.parse(choice), () -> found);
    }

    private static LoadOptions asked(Placement placement, Integer... gpus) {
        return new LoadOptions(placement, List.of(gpus));
    }
}
