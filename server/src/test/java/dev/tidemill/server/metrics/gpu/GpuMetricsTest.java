package dev.tidemill.server.metrics.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.http.MetricName;
import dev.tidemill.http.Metrics;
import dev.tidemill.testkit.GeneratedDocument;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class GpuMetricsTest {
    private final AtomicInteger reads = new AtomicInteger();

    @Test
    void shows_every_gpu_with_its_number_and_uuid() {
        assertThat(scrape(List.of("GPU-a", "GPU-b")))
                .contains("tidemill_gpu_utilization_ratio{gpu=\"0\",uuid=\"GPU-a\"} 0.0\n")
                .contains("tidemill_gpu_energy_joules{gpu=\"1\",uuid=\"GPU-b\"} 105.0\n");
    }

    @Test
    void reads_only_when_someone_looks() {
        try (Metrics metrics = new Metrics()) {
            GpuMetrics.add(metrics, sensors(List.of("GPU-a")));
            assertThat(reads).hasValue(0);

            metrics.scrape();
            assertThat(reads).hasValue(GpuSensors.Reading.values().length);
        }
    }

    @Test
    void shows_nothing_where_there_is_no_driver() {
        try (Metrics metrics = new Metrics()) {
            GpuMetrics.add(metrics, "libnvidia-ml-of-nobody.so.1");

            assertThat(text(metrics)).doesNotContain("tidemill_gpu");
        }
    }

    @Test
    void every_metric_is_documented() {
        GeneratedDocument.assertSection(
                "docs/metrics.md", "gpu", MetricName.table(GpuMetrics.NAMES));
    }

    private String scrape(List<String> uuids) {
        try (Metrics metrics = new Metrics()) {
            GpuMetrics.add(metrics, sensors(uuids));
            return text(metrics);
        }
    }

    private static String text(Metrics metrics) {
        return new String(metrics.scrape(), StandardCharsets.UTF_8);
    }

    /// A reading is its place among the readings, and 100 more for the second GPU.
    private GpuSensors sensors(List<String> all) {
        return new GpuSensors() {
            @Override
            public List<String> uuids() {
                return all;
            }

            @Override
            public double read(Reading reading, int gpu) {
                reads.incrementAndGet();
                return 100.0 * gpu + reading.ordinal();
            }
        };
    }
}
