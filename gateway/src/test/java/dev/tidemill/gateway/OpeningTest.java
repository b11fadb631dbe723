package dev.tidemill.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class OpeningTest {
    private static final Optional<String> ONE_MISSING = Optional.of("no replica of: intents");

    private final AtomicLong nanos = new AtomicLong(7);
    private final Opening opening = new Opening(nanos::get);

    @Test
    void waits_for_a_replica_of_every_model() {
        assertThat(opening.obstacle(ONE_MISSING, true)).isEqualTo(ONE_MISSING);
        assertThat(opening.obstacle(Optional.empty(), true)).isEmpty();
    }

    @Test
    void stays_open_when_a_model_that_comes_later_has_none() {
        assertThat(opening.obstacle(Optional.empty(), true)).isEmpty();

        assertThat(opening.obstacle(ONE_MISSING, true)).isEmpty();
        assertThat(opening.obstacle(ONE_MISSING, false)).isEmpty();
    }

    @Test
    void opens_without_a_model_that_does_not_come_up() {
        nanos.addAndGet(Opening.PATIENCE.toNanos());
        assertThat(opening.obstacle(ONE_MISSING, true)).isEqualTo(ONE_MISSING);

        nanos.incrementAndGet();
        assertThat(opening.obstacle(ONE_MISSING, true)).isEmpty();
    }

    @Test
    void does_not_open_without_any_replica() {
        nanos.addAndGet(2 * Opening.PATIENCE.toNanos());

        assertThat(opening.obstacle(ONE_MISSING, false)).isEqualTo(ONE_MISSING);
    }
}
