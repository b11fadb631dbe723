package dev.tidemill.autoscale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.scaling.Signal;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

final class PrometheusSourceIT extends SignalSourceContract {
    private final FakeMetrics prometheus = new FakeMetrics(vector("\"41\"", "\"1.5\""));

    @AfterEach
    void close() {
        prometheus.close();
    }

    @Override
    SignalSource source() {
        return new PrometheusSource(
                HttpClient.newHttpClient(),
                JsonMapper.shared(),
                "jobs",
                prometheus.address() + "/prometheus/",
                "sum(jobs{queue=\"a b\"})",
                Optional.empty(),
                1,
                List.of(TARGET));
    }

    @Override
    void breaks() {
        prometheus.fails(503);
    }

    @Override
    void hangs() {
        prometheus.hangs();
    }

    @Test
    void series_are_summed_and_the_query_arrives_as_it_was_written() {
        assertThat(source().read()).isEqualTo(Map.of(TARGET, Measures.of("jobs", 42.5)));
        assertThat(prometheus.asked())
                .isEqualTo("/prometheus/api/v1/query?query=sum%28jobs%7Bqueue%3D%22a+b%22%7D%29");
    }

    @Test
    void a_scalar_is_a_value_too() {
        prometheus.says(
                "{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[1,\"7\"]}}");
        assertThat(source().read()).isEqualTo(Map.of(TARGET, Measures.of("jobs", 7)));
    }

    @Test
    void a_source_that_is_called_like_a_signal_is_that_signal_too() {
        SignalSource percent =
                new PrometheusSource(
                        HttpClient.newHttpClient(),
                        JsonMapper.shared(),
                        "DCGM_FI_DEV_GPU_UTIL",
                        prometheus.address().toString(),
                        "avg(DCGM_FI_DEV_GPU_UTIL)",
                        Optional.of(Signal.GPU),
                        100,
                        List.of(TARGET));
        Measures measures = percent.read().getOrDefault(TARGET, Measures.NONE);
        assertThat(measures.get(Signal.GPU)).isEqualTo(0.425);
        assertThat(measures.named()).containsEntry("DCGM_FI_DEV_GPU_UTIL", 42.5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "not json",
                "{\"status\":\"error\",\"error\":\"no\"}",
                "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}",
                "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"value\":[1,\"NaN\"]}]}}",
                "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"value\":[1,\"+Inf\"]}]}}",
                "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{}]}}"
            })
    void what_is_no_number_is_no_value_and_not_zero(String answer) {
        prometheus.says(answer);
        assertThat(source().read()).isEmpty();
    }

    private static String vector(String first, String second) {
        return ("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":["
                        + "{\"metric\":{},\"value\":[1,%s]},{\"metric\":{},\"value\":[1,%s]}]}}")
                .formatted(first, second);
    }
}
