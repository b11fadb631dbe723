package dev.tidemill.operator.metricsapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.autoscale.Measures;
import dev.tidemill.operator.scale.Measured;
import dev.tidemill.operator.scale.PoolReading;
import dev.tidemill.spec.cluster.ReplicaSetter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ApiRegistrationTest {
    private static final String CUSTOM = MetricsGroup.CUSTOM.service();
    private static final String EXTERNAL = MetricsGroup.EXTERNAL.service();
    private static final Map<String, Object> ADAPTER =
            Map.of(
                    "metadata",
                    Map.of("labels", Map.of("app", "adapter")),
                    "spec",
                    Map.of("service", Map.of("namespace", "monitoring", "name", "adapter")));

    private final FakeCluster cluster = new FakeCluster();
    private final List<Optional<String>> told = new ArrayList<>();
    private final AtomicReference<Instant> now = new AtomicReference<>(Measured.NOW);
    private final Measured measured = new Measured();
    private boolean leads = true;
    private final MetricsApis apis =
            new MetricsApis(
                    new MetricsApis.Settings("127.0.0.1", 0, "tidemill-system", "10.1.2.3"),
                    cluster,
                    measured,
                    () -> leads,
                    told::add,
                    now::get);

    @AfterEach
    void close() {
        apis.close();
    }

    @Test
    void an_autoscaler_that_goes_by_our_metrics_has_them_registered_and_only_those() {
        look("{max: 3}");
        assertThat(cluster.services).containsOnlyKeys(CUSTOM);
        assertThat(cluster.writes.getFirst()).isEqualTo("apply endpointslice/tidemill-operator");
        assertThat(told).containsExactly(Optional.empty());
    }

    @Test
    void one_that_goes_by_processors_has_nothing_registered() {
        look("{policy: hpa}");
        later(120);
        assertThat(cluster.services).isEmpty();
    }

    @Test
    void who_follows_does_nothing() {
        leads = false;
        look("{max: 3}");
        assertThat(cluster.writes).isEmpty();
    }

    @Test
    void what_is_as_it_should_be_is_looked_at_once_a_minute_and_not_written() {
        look("{max: 3}");
        int before = cluster.writes.size();
        for (int i = 0; i < 59; i++) {
            later(1);
        }
        assertThat(cluster.writes).hasSize(before);
        later(1);
        assertThat(cluster.writes.subList(before, cluster.writes.size()))
                .containsExactly("apply endpointslice/tidemill-operator");
    }

    @Test
    void the_registration_of_another_is_left_alone_and_told_of() {
        cluster.services.put(CUSTOM, ADAPTER);
        look("{max: 3}");
        assertThat(cluster.services).containsEntry(CUSTOM, ADAPTER);
        assertThat(told)
                .containsExactly(
                        Optional.of("custom.metrics.k8s.io is served by monitoring/adapter"));
        cluster.services.remove(CUSTOM);
        later(60);
        assertThat(told).last().isEqualTo(Optional.empty());
        assertThat(cluster.services.get(CUSTOM)).isNotEqualTo(ADAPTER);
    }

    @Test
    void what_nobody_wants_any_more_is_taken_off_a_minute_later() {
        look("{max: 3}");
        measured.clear();
        later(59);
        assertThat(cluster.services).containsOnlyKeys(CUSTOM);
        later(1);
        assertThat(cluster.services).isEmpty();
    }

    @Test
    void what_the_one_that_led_before_left_is_taken_off_but_not_what_another_has() {
        new ApiRegistration(cluster, "tidemill-system", "10.9.9.9")
                .look(Set.of(MetricsGroup.EXTERNAL), "old");
        cluster.services.put(CUSTOM, ADAPTER);
        assertThat(cluster.services).containsKey(EXTERNAL);
        later(0);
        later(60);
        assertThat(cluster.services).containsOnlyKeys(CUSTOM);
    }

    @Test
    void a_certificate_is_renewed_before_it_ends_and_the_registration_with_it() {
        look("{max: 3}");
        String first = cluster.caBundle(MetricsGroup.CUSTOM);
        later(59 * 86_400);
        assertThat(cluster.caBundle(MetricsGroup.CUSTOM)).isEqualTo(first);
        later(2 * 86_400);
        assertThat(cluster.caBundle(MetricsGroup.CUSTOM)).isNotEqualTo(first);
    }

    @Test
    void an_api_server_that_is_away_is_asked_again() {
        cluster.fails = true;
        look("{max: 3}");
        assertThat(cluster.services).isEmpty();
        cluster.fails = false;
        later(10);
        assertThat(cluster.services).containsOnlyKeys(CUSTOM);
    }

    @Test
    void pools_that_we_scale_ourselves_need_no_registration() {
        measured.with(
                new PoolReading(
                        Measured.pool("digits", "{max: 3}"),
                        ReplicaSetter.TIDEMILL,
                        List.of(),
                        Measures.NONE,
                        Measured.NOW));
        later(0);
        assertThat(cluster.writes).isEmpty();
    }

    private void look(String scaling) {
        measured.with(Measured.digits(scaling));
        later(0);
    }

    private void later(long seconds) {
        now.set(now.get().plusSeconds(seconds));
        apis.look();
    }
}
