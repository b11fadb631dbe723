package dev.tidemill.autoscale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tidemill.autoscale.PodMetricsSource.Pods;
import dev.tidemill.scaling.Signal;
import java.net.http.HttpClient;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

final class PodMetricsSourceIT extends SignalSourceContract {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final String FRESH = "2026-11-21T09:59:30Z";

    private final FakeMetrics server =
            new FakeMetrics(
                    list(
                            pod(FRESH, container("100m", "64Mi"), container("50000000n", "64Mi")),
                            pod(FRESH, container("450m", "384Mi"))));
    private OptionalDouble cores = OptionalDouble.of(0.5);
    private Optional<Long> memory = Optional.of(512L << 20);

    @AfterEach
    void close() {
        server.close();
    }

    @Override
    SignalSource source() {
        return new PodMetricsSource(
                HttpClient.newHttpClient(),
                JsonMapper.shared(),
                server.address(),
                () -> Optional.of("t0ken"),
                () -> Map.of(TARGET, new Pods("models", "app=digits,tier in (a,b)", cores, memory)),
                () -> NOW);
    }

    @Override
    void breaks() {
        server.fails(403);
    }

    @Override
    void hangs() {
        server.hangs();
    }

    @Test
    void usage_is_the_mean_over_pods_of_what_they_ask_for() {
        Measures measures = source().read().getOrDefault(TARGET, Measures.NONE);
        assertThat(measures.get(Signal.CPU)).isCloseTo(0.6, within(1e-9));
        assertThat(measures.get(Signal.MEMORY)).isCloseTo(0.5, within(1e-9));
        assertThat(server.asked())
                .isEqualTo(
                        "/apis/metrics.k8s.io/v1beta1/namespaces/models/pods"
                                + "?labelSelector=app%3Ddigits%2Ctier%20in%20%28a%2Cb%29");
        assertThat(server.authorization()).isEqualTo("Bearer t0ken");
    }

    @Test
    void pods_that_ask_for_nothing_have_no_shares() {
        cores = OptionalDouble.empty();
        memory = Optional.empty();
        assertThat(source().read().getOrDefault(TARGET, Measures.NONE).values()).isEmpty();
    }

    @Test
    void a_pod_whose_sample_is_old_or_lacks_a_container_is_left_out() {
        server.says(
                list(
                        pod(FRESH, container("500m", "512Mi")),
                        pod("2026-11-21T09:57:00Z", container("1", "1Gi")),
                        pod(FRESH, container("1", "1Gi"), "{\"name\":\"c\",\"usage\":{}}")));
        assertThat(source().read().getOrDefault(TARGET, Measures.NONE).get(Signal.CPU))
                .isCloseTo(1, within(1e-9));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no json",
                "{}",
                "{\"items\":[]}",
                "{\"items\":[{\"timestamp\":\"soon\",\"containers\":[]}]}"
            })
    void what_says_nothing_of_pods_is_absent_and_not_zero(String answer) {
        server.says(answer);
        assertThat(source().read()).isEmpty();
    }

    private static String list(String... pods) {
        return "{\"kind\":\"PodMetricsList\",\"items\":[" + String.join(",", pods) + "]}";
    }

    private static String pod(String timestamp, String... containers) {
        return "{\"timestamp\":\"%s\",\"window\":\"15s\",\"containers\":[%s]}"
                .formatted(timestamp, String.join(",", containers));
    }

    private static String container(String cpu, String memory) {
        return "{\"name\":\"c\",\"usage\":{\"cpu\":\"%s\",\"memory\":\"%s\"}}"
                .formatted(cpu, memory);
    }
}
