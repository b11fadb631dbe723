package dev.tidemill.scaling.knative;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.scaling.Bounds;
import dev.tidemill.scaling.Limit;
import dev.tidemill.scaling.Policy;
import dev.tidemill.scaling.Signal;
import dev.tidemill.scaling.Signals;
import dev.tidemill.scaling.Verdict;
import dev.tidemill.scaling.knative.KpaPolicy.Settings;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class KpaPolicyTest {
    private static final Settings TEN = Settings.concurrency(10 / 0.7);

    private int replicas = 1;
    private long seconds;

    @Test
    void a_steady_load_is_divided_by_the_target() {
        Policy.Session session = session(TEN, 0);
        Verdict verdict = run(session, 120, 35);
        assertThat(verdict.replicas()).isEqualTo(4);
        assertThat(verdict.reason())
                .isEqualTo(
                        "requests in flight of 35.0 over the stable window wants 4 at 10.0 a"
                                + " replica");
    }

    @Test
    void twice_the_capacity_is_panic_which_grows_at_once_and_does_not_shrink_for_a_window() {
        Policy.Session session = session(TEN, 0);
        run(session, 60, 10);
        assertThat(replicas).isEqualTo(1);
        Verdict panic = run(session, 8, 100);
        assertThat(panic.replicas()).isEqualTo(10);
        assertThat(panic.limits()).contains(Limit.BURST);
        assertThat(run(session, 50, 5).replicas()).isEqualTo(10);
        assertThat(run(session, 30, 5).replicas()).isLessThan(10);
    }

    @Test
    void the_ready_count_limits_shrinking_to_half_at_a_time() {
        replicas = 16;
        Policy.Session session = session(TEN, 0);
        assertThat(run(session, 2, 1).replicas()).isEqualTo(8);
    }

    @Test
    void it_goes_to_zero_after_a_quiet_window_and_the_grace_and_wakes_at_once() {
        Policy.Session session = session(TEN, 0);
        run(session, 60, 5);
        int quiet = 0;
        while (replicas > 0 && quiet < 400) {
            run(session, 2, 0);
            quiet += 2;
        }
        assertThat(quiet).isBetween(60 + 30, 60 + 30 + 6);
        assertThat(run(session, 2, 3).replicas()).isEqualTo(1);
    }

    @Test
    void a_delay_keeps_the_highest_of_the_last_while() {
        Policy.Session session = session(TEN.withDownDelay(Duration.ofSeconds(300)), 1);
        run(session, 120, 50);
        run(session, 290, 10);
        assertThat(replicas).isEqualTo(5);
        run(session, 80, 10);
        assertThat(replicas).as("half of the five that were ready, also remembered").isEqualTo(2);
        run(session, 310, 10);
        assertThat(replicas).isEqualTo(1);
    }

    @Test
    void no_data_in_the_whole_window_holds_the_count() {
        Policy.Session session = session(TEN, 0);
        run(session, 60, 50);
        Verdict silent = run(session, 90, Double.NaN);
        assertThat(silent.replicas()).isEqualTo(5);
        assertThat(silent.limits()).containsExactly(Limit.SILENT);
    }

    private static Policy.Session session(Settings settings, int min) {
        return new KpaPolicy("kpa", new Bounds(min, 100), settings).start();
    }

    private Verdict run(Policy.Session session, int forSeconds, double inFlight) {
        Verdict last = null;
        for (int i = 0; i < forSeconds; i += 2) {
            seconds += 2;
            last =
                    session.decide(
                            Signals.at(seconds * 1000, replicas, replicas)
                                    .with(Signal.IN_FLIGHT, inFlight)
                                    .build());
            replicas = last.replicas();
        }
        return Objects.requireNonNull(last);
    }
}
