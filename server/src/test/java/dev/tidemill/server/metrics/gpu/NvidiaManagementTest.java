package dev.tidemill.server.metrics.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.server.metrics.gpu.GpuSensors.Reading;
import dev.tidemill.testkit.NativeLibrary;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Against a library with NVML's functions and structs that is made here in C, so that a C compiler
/// lays the structs out. No GPU is needed, and none was used.
final class NvidiaManagementTest {
    private static final String BASICS =
            """
            #include <stdio.h>
            static int devices[2] = {7, 8};
            int nvmlInit_v2(void) { return %d; }
            int nvmlDeviceGetCount_v2(unsigned int *count) { *count = 2; return 0; }
            int nvmlDeviceGetHandleByIndex_v2(unsigned int index, void **device) {
                *device = &devices[index];
                return 0;
            }
            int nvmlDeviceGetUUID(void *device, char *uuid, unsigned int length) {
                snprintf(uuid, length, "GPU-%%d", *(int *) device);
                return length == 96 ? 0 : 2;
            }
            """;

    private static final String READINGS =
            """
            struct utilization { unsigned int gpu; unsigned int memory; };
            struct memory { unsigned long long total; unsigned long long free; unsigned long long used; };
            int nvmlDeviceGetUtilizationRates(void *device, struct utilization *out) {
                out->gpu = 10 * *(int *) device;
                out->memory = 99;
                return 0;
            }
            int nvmlDeviceGetMemoryInfo(void *device, struct memory *out) {
                out->total = 150000000000ULL;
                out->free = 1;
                out->used = 149999999999ULL;
                return 0;
            }
            int nvmlDeviceGetPowerUsage(void *device, unsigned int *milliwatts) {
                *milliwatts = 3000000000U;
                return 0;
            }
            int nvmlDeviceGetEnforcedPowerLimit(void *device, unsigned int *milliwatts) {
                *milliwatts = 1;
                return 3;
            }
            """;

    @TempDir Path folder;

    @Test
    void names_the_gpus() throws Exception {
        assertThat(library("names", BASICS.formatted(0)).uuids()).containsExactly("GPU-7", "GPU-8");
    }

    @Test
    void reads_the_structs_as_a_c_compiler_lays_them_out() throws Exception {
        NvidiaManagement nvml = library("structs", BASICS.formatted(0) + READINGS);

        assertThat(nvml.read(Reading.UTILIZATION, 0)).isEqualTo(0.7);
        assertThat(nvml.read(Reading.UTILIZATION, 1)).isEqualTo(0.8);
        assertThat(nvml.read(Reading.MEMORY_USED_BYTES, 0)).isEqualTo(149_999_999_999d);
        assertThat(nvml.read(Reading.MEMORY_TOTAL_BYTES, 0)).isEqualTo(150_000_000_000d);
        assertThat(nvml.read(Reading.POWER_WATTS, 1)).isEqualTo(3_000_000);
    }

    @Test
    void what_a_gpu_or_a_driver_does_not_tell_is_no_number() throws Exception {
        NvidiaManagement nvml = library("silent", BASICS.formatted(0) + READINGS);

        assertThat(nvml.read(Reading.POWER_LIMIT_WATTS, 0)).isNaN();
        assertThat(nvml.read(Reading.ENERGY_JOULES, 0)).isNaN();
    }

    @Test
    void a_driver_that_does_not_work_is_told() {
        assertThatThrownBy(() -> library("broken", BASICS.formatted(18)))
                .hasMessageContaining("nvmlInit_v2 to work, but it answers 18");
        assertThatThrownBy(() -> library("empty", "int nothing;"))
                .hasMessageContaining("one with the function nvmlInit_v2");
        assertThatThrownBy(() -> new NvidiaManagement("libnvidia-ml-of-nobody.so.1"))
                .hasMessage(
                        "NVIDIA management library: 'libnvidia-ml-of-nobody.so.1' (expected: a library that can be loaded)");
    }

    private NvidiaManagement library(String name, String source) throws Exception {
        return new NvidiaManagement(NativeLibrary.compile(folder, name, source).toString());
    }
}
