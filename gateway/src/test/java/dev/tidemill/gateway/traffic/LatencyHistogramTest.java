package dev.tidemill.gateway.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LatencyHistogramTest {
    private final LatencyHistogram histogram = new LatencyHistogram();

    @Test
    void bounds_grow_by_about_a_quarter_from_50_us_to_60_s() {
        List<Long> bounds = LatencyHistogram.upperNanos();
        assertThat(bounds).hasSize(60).isSorted().startsWith(50_000L).endsWith(60_000_000_000L);
        for (int i = 1; i < bounds.size(); i++) {
            assertThat((double) bounds.get(i) / bounds.get(i - 1)).isBetween(1.26, 1.28);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-5, 0",
        "50000, 0",
        "50001, 1",
        "60000000000, 59",
        "60000000001, 60",
        "9000000000000, 60"
    })
    void a_duration_falls_into_the_first_bucket_whose_bound_it_does_not_exceed(
            long nanos, int bucket) {
        histogram.record(nanos);
        List<Long> counts = histogram.counts();
        assertThat(counts).hasSize(61);
        assertThat(counts.get(bucket)).isEqualTo(1);
        assertThat(counts.stream().mapToLong(Long::longValue).sum()).isEqualTo(1);
    }
}
