package dev.tidemill.runtimes.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.testkit.NativeLibrary;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The driver is a library of two functions, made here: no GPU is needed, and none was used.
final class CudaDriverTest {
    @TempDir Path folder;

    @Test
    void counts_the_gpus() throws Exception {
        assertThat(driver("counts", 0, 0, 4).gpus()).isEqualTo(new FoundGpus.Some(4));
    }

    @Test
    void says_that_there_is_none() throws Exception {
        FoundGpus none = new FoundGpus.None("NVIDIA's driver sees no GPU");

        assertThat(driver("no_device", 100, 0, 0).gpus()).isEqualTo(none);
        assertThat(driver("zero", 0, 0, 0).gpus()).isEqualTo(none);
    }

    @Test
    void says_which_error_the_driver_answers() throws Exception {
        assertThat(driver("old", 803, 0, 1).gpus())
                .isEqualTo(new FoundGpus.None("NVIDIA's driver answers error 803"));
        assertThat(driver("count", 0, 3, 1).gpus())
                .isEqualTo(new FoundGpus.None("NVIDIA's driver answers error 3"));
    }

    @Test
    void says_that_there_is_no_driver() {
        assertThat(new CudaDriver("libcuda-of-nobody.so.1").gpus())
                .isInstanceOfSatisfying(
                        FoundGpus.None.class,
                        none ->
                                assertThat(none.reason())
                                        .startsWith(
                                                "NVIDIA's driver is not there: libcuda-of-nobody.so.1 cannot be loaded"));
    }

    private CudaDriver driver(String name, int init, int answer, int count) throws Exception {
        return new CudaDriver(
                NativeLibrary.compile(
                                folder,
                                name,
                                """
                                int cuInit(unsigned int flags) { return flags == 0 ? %d : 1; }
                                int cuDeviceGetCount(int *count) { *count = %d; return %d; }
                                """
                                        .formatted(init, count, answer))
                        .toString());
    }
}
