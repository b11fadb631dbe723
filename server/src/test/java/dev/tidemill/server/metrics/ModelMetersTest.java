package dev.tidemill.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.http.Metrics;
import io.micrometer.core.instrument.Gauge;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ModelMetersTest {
    private final Metrics metrics = new Metrics();

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void a_version_that_has_gone_works_on_nothing() {
        ModelMeters gone = new ModelMeters(metrics, "m", "1");
        Gauge shown = gone.shownSlots();
        gone.slots(4);
        assertThat(shown.value()).isEqualTo(4);

        gone.close();

        assertThat(shown.value()).isZero();
    }

    @Test
    void a_version_that_comes_back_says_what_it_works_on_now() {
        ModelMeters before = new ModelMeters(metrics, "m", "1");
        before.slots(4);
        ModelMeters now = new ModelMeters(metrics, "m", "1");
        now.slots(2);

        before.close();

        assertThat(now.shownSlots().value()).isEqualTo(2);
        now.close();
    }
}
