package dev.tidemill.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Timer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class MetricsTest {
    private static final MetricName LATENCY =
            MetricName.histogram("test_latency_seconds", "How long.", "model");
    private static final MetricName EVENTS = MetricName.counter("test_events_total", "How many.");
    private static final MetricName LEVEL = MetricName.gauge("test_level", "How high.", "model");

    private final Metrics metrics = new Metrics();

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void appear_under_the_names_they_are_documented_with() {
        metrics.timer(LATENCY, "digits").record(Duration.ofMillis(3));
        metrics.counter(EVENTS).increment();
        metrics.gauge(LEVEL, () -> 7.5, "digits");

        assertThat(scrape())
                .contains("# HELP test_latency_seconds How long.")
                .contains("# TYPE test_latency_seconds histogram")
                .contains("test_latency_seconds_bucket{model=\"digits\",le=\"0.0025\"} 0")
                .contains("test_latency_seconds_bucket{model=\"digits\",le=\"0.005\"} 1")
                .contains("test_latency_seconds_count{model=\"digits\"} 1")
                .contains("test_events_total 1.0")
                .contains("test_level{model=\"digits\"} 7.5");
    }

    @Test
    void have_one_bucket_for_each_documented_bound_and_no_more() {
        metrics.timer(LATENCY, "digits");

        assertThat(scrape().lines().filter(line -> line.startsWith("test_latency_seconds_bucket")))
                .hasSize(Metrics.BUCKETS.size() + 1);
    }

    @Test
    void show_the_process_itself() {
        assertThat(scrape()).contains("process_cpu_seconds ").contains("tidemill_heap_used_bytes ");
    }

    @Test
    void counts_that_are_kept_elsewhere_go_on_after_a_collection() {
        LongAdder count = new LongAdder();
        metrics.counted(EVENTS, count::sum);
        System.gc();
        count.add(3);
        assertThat(scrape()).contains("test_events_total 3.0");
    }

    @Test
    void count_requests_under_bounded_labels() {
        for (int i = 0; i < 100; i++) {
            metrics.request("", "BREW" + i, 404, 1_000);
        }

        assertThat(scrape())
                .contains(
                        "tidemill_http_request_seconds_count{method=\"OTHER\",route=\"none\",status=\"404\"} 100");
    }

    @Test
    void forget_what_is_gone() {
        metrics.timer(LATENCY, "old").record(Duration.ofMillis(1));
        metrics.timer(LATENCY, "new").record(Duration.ofMillis(1));

        metrics.forget(LATENCY, "old");

        assertThat(scrape()).contains("model=\"new\"").doesNotContain("model=\"old\"");
    }

    @Test
    void stay_a_while_when_what_they_belong_to_is_gone_and_not_for_ever() {
        for (int version = 0; version < 1_000; version++) {
            String name = "v" + version;
            Timer timer = metrics.timer(LATENCY, name);
            metrics.hold(name, timer);
            timer.record(Duration.ofMillis(1));
            metrics.release(name);
            assertThat(scrape()).contains("model=\"" + name + "\"");
        }

        assertThat(scrape().lines().filter(line -> line.startsWith("test_latency_seconds_count")))
                .hasSize(MeterOwners.KEPT);
        assertThat(scrape()).contains("model=\"v999\"").doesNotContain("model=\"v0\"");
    }

    @Test
    void count_on_when_what_they_belong_to_comes_back_or_is_there_twice() {
        for (int round = 0; round < 3; round++) {
            Timer timer = metrics.timer(LATENCY, "same");
            metrics.hold("same", timer);
            timer.record(Duration.ofMillis(1));
            metrics.hold("same", metrics.timer(LATENCY, "same"));
            metrics.release("same");
            for (int other = 0; other < 2 * MeterOwners.KEPT; other++) {
                metrics.hold("other" + other, metrics.timer(LATENCY, "other" + other));
                metrics.release("other" + other);
            }
            metrics.release("same");
        }

        assertThat(scrape())
                .containsPattern("test_latency_seconds_count\\{model=\"same\"} 3\\b")
                .doesNotContain("model=\"other0\"");
        assertThatThrownBy(() -> metrics.release("same"))
                .hasMessage("released more often than held: same");
    }

    @Test
    void refuse_label_values_that_do_not_match_the_labels() {
        assertThatThrownBy(() -> metrics.timer(LATENCY))
                .hasMessage("metric test_latency_seconds: '0' label values (expected: 1)");
    }

    @Test
    void refuse_names_without_their_unit() {
        assertThatThrownBy(() -> MetricName.histogram("latency", "x"))
                .hasMessageContaining("_seconds");
        assertThatThrownBy(() -> MetricName.counter("events", "x")).hasMessageContaining("_total");
    }

    private String scrape() {
        return new String(metrics.scrape(), StandardCharsets.UTF_8);
    }
}
