package dev.tidemill.server.metrics.gpu;

import static dev.tidemill.http.MetricName.gauge;

import dev.tidemill.common.TidemillException;
import dev.tidemill.http.MetricName;
import dev.tidemill.http.Metrics;
import dev.tidemill.server.metrics.gpu.GpuSensors.Reading;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Use, memory and power of the machine's GPUs, whoever uses them. They are read when someone looks
/// at `/metrics`, never beside a request.
public final class GpuMetrics {
    private static final System.Logger LOGGER = System.getLogger(GpuMetrics.class.getName());

    /// What the driver makes: on Linux, and in Windows' Linux.
    private static final List<Path> DRIVER =
            List.of(Path.of("/dev/nvidiactl"), Path.of("/dev/dxg"));

    private static final Map<Reading, MetricName> BY_READING = names();

    /// Every metric of this package.
    public static final List<MetricName> NAMES = List.copyOf(BY_READING.values());

    private GpuMetrics() {}

    /// Adds the metrics of the machine's GPUs, on a thread of its own because the driver takes its
    /// time, and nothing where there is no driver.
    public static void watch(Metrics metrics) {
        if (DRIVER.stream().anyMatch(Files::exists)) {
            Thread.ofPlatform()
                    .daemon()
                    .name("gpu-metrics")
                    .start(() -> add(metrics, NvidiaManagement.LIBRARY));
        }
    }

    static void add(Metrics metrics, String library) {
        try {
            add(metrics, new NvidiaManagement(library));
        } catch (TidemillException e) {
            LOGGER.log(System.Logger.Level.WARNING, "no metrics of GPUs: " + e.getMessage());
        }
    }

    static void add(Metrics metrics, GpuSensors sensors) {
        List<String> uuids = sensors.uuids();
        for (int i = 0; i < uuids.size(); i++) {
            int gpu = i;
            BY_READING.forEach((reading, name) ->
                    metrics.gauge(
                            name,
                            () -> sensors.read(reading, gpu),
                            Integer.toString(gpu),
                            uuids.get(gpu)));
        }
    }

    private static Map<Reading, MetricName> names() {
        Map<Reading, MetricName> names = new LinkedHashMap<>();
        for (Reading reading : Reading.values()) {
            names.put(reading, name(reading));
        }
        return names;
    }

    private static MetricName name(Reading reading) {
        return switch (reading) {
            case UTILIZATION ->
                    metric(
                            "utilization_ratio",
                            "Part of the driver's last sample in which anything ran on the GPU, 0 to 1.");
            case MEMORY_USED_BYTES ->
                    metric("memory_used_bytes", "Memory of the GPU in use, by all processes.");
            case MEMORY_TOTAL_BYTES -> metric("memory_total_bytes", "Memory of the GPU.");
            case POWER_WATTS -> metric("power_watts", "Power that the GPU draws.");
            case POWER_LIMIT_WATTS -> metric("power_limit_watts", "Power that it may draw.");
            case ENERGY_JOULES ->
                    metric("energy_joules", "Energy that it has used since the driver was loaded.");
        };
    }

    private static MetricName metric(String name, String help) {
        return gauge("tidemill_gpu_" + name, help, "gpu", "uuid");
    }
}
