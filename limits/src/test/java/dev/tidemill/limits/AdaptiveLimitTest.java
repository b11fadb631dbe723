package dev.tidemill.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.limits.AdaptiveLimit.Decision;
import dev.tidemill.limits.AdaptiveLimit.State;
import dev.tidemill.limits.AdaptiveLimit.Window;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Against a server that is known: `workers` requests at once, each of `service` ns, the others
/// wait. By Little's law that gives the mean time of an answer for every limit.
final class AdaptiveLimitTest {
    private static final long WINDOW = 100_000_000;
    private static final double MILLI = 1e6;
    private static final int MIN = 8;
    private static final int MAX = 256;

    private final AdaptiveLimit policy = new AdaptiveLimit(MIN, MAX, 4, Duration.ofMillis(1));
    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);

    private State state = policy.start();
    private double workers = 4;
    private double service = 10 * MILLI;
    private double noise;
    private double latency;

    @Test
    void begins_with_all_that_is_allowed() {
        assertThat(policy.start().limit()).isEqualTo(MAX);
    }

    @Test
    void leaves_a_server_alone_that_keeps_up() {
        run(1_000, 0.9);
        assertThat(state.limit()).isEqualTo(MAX);
    }

    @Test
    void an_overload_ends_with_answers_that_are_quick_again_and_no_fewer() {
        run(50, 0.5);
        assertThat(latency).isEqualTo(10 * MILLI);
        run(100, 5);
        assertThat(latency).isLessThan(5 * 10 * MILLI);
        assertThat(state.limit()).isBetween(workers, 24.0);
    }

    @Test
    void what_is_slow_because_it_is_joined_into_batches_keeps_its_limit_while_more_answers_come() {
        Decision slow =
                policy.next(
                        new State(MAX, 1 * MILLI, 1_000),
                        new Window(1_000, WINDOW, 20 * MILLI, MAX));
        assertThat(slow.limit()).isEqualTo(MAX);
        assertThat(slow.reason()).isEqualTo("answers are slow, but more of them come");
    }

    @Test
    void a_limit_that_is_not_used_is_not_blamed() {
        Decision slow =
                policy.next(
                        new State(MAX, 1 * MILLI, 1_000), new Window(50, WINDOW, 20 * MILLI, 10));
        assertThat(slow.limit()).isEqualTo(MAX);
        assertThat(slow.reason()).isEqualTo("answers are slow, but not for their number");
    }

    @Test
    void comes_back_when_the_server_does() {
        run(50, 0.5);
        service = 200 * MILLI;
        run(300, 5);
        // Four times what the smallest limit's answers take.
        assertThat(state.limit()).isLessThan(4 * MIN + 6);
        service = 10 * MILLI;
        workers = 64;
        run(300, 5);
        assertThat(state.limit()).isGreaterThan(64);
    }

    @Test
    void follows_a_model_that_gets_slower_for_good() {
        run(50, 0.5);
        for (int i = 0; i < 400; i++) {
            service *= 1.005;
            run(1, 0.5);
        }
        assertThat(service).isGreaterThan(70 * MILLI);
        assertThat(state.limit()).isEqualTo(MAX);
        run(3_000, 5);
        assertThat(state.limit()).isGreaterThanOrEqualTo(workers);
    }

    @Test
    void noise_takes_nothing_away_from_a_load_that_fits() {
        noise = 0.4;
        for (int i = 0; i < 5_000; i++) {
            run(1, 0.7);
            assertThat(state.limit()).as("seed %d", seed).isGreaterThan(MAX / 2);
        }
    }

    @Test
    void what_takes_no_time_worth_speaking_of_is_never_too_long() {
        service = 0.001 * MILLI;
        run(200, 50);
        assertThat(state.limit()).isEqualTo(MAX);
    }

    @Test
    void never_leaves_its_bounds_and_always_says_why() {
        for (int round = 0; round < 20_000; round++) {
            State before = state;
            Decision next =
                    policy.next(
                            before,
                            new Window(
                                    random.nextInt(1_000),
                                    1 + random.nextLong(WINDOW),
                                    Math.exp(random.nextDouble(25)),
                                    random.nextInt(2 * MAX)));
            assertThat(next.limit()).as("seed %d", seed).isBetween(MIN, MAX);
            assertThat(next.reason()).as("seed %d", seed).isNotBlank();
            assertThat(next.state().limit()).isGreaterThan(before.limit() * 0.89);
            state = next.state();
        }
    }

    @Test
    void judges_by_no_handful_of_answers() {
        Decision few = policy.next(state, new Window(9, WINDOW, 1e12, MAX));
        assertThat(few.state()).isEqualTo(state);
        assertThat(few.reason()).isEqualTo("too few answers to judge by");
    }

    @Test
    void refuses_bounds_that_are_none() {
        assertThatThrownBy(() -> new AdaptiveLimit(0, 1, 2, Duration.ZERO))
                .hasMessage("adaptive limit: '0 to 1' (expected: 1 <= min <= max)");
        assertThatThrownBy(() -> new AdaptiveLimit(2, 1, 2, Duration.ZERO))
                .hasMessageContaining("2 to 1");
        assertThatThrownBy(() -> new AdaptiveLimit(1, 1, 1, Duration.ZERO))
                .hasMessage("tolerance: '1.0' (expected: > 1)");
    }

    /// @param load asked for, as a share of what the server can do
    private void run(int windows, double load) {
        for (int i = 0; i < windows; i++) {
            double capacity = workers / service * 1e9;
            double asked = load * capacity;
            double rate = Math.min(asked, Math.min(capacity, state.limit() / service * 1e9));
            boolean full = asked >= rate * 1.0001;
            double inFlight = full ? state.limit() : rate * service / 1e9;
            latency = full ? inFlight / rate * 1e9 : service;
            double seen = latency * Math.exp(noise * random.nextGaussian());
            state =
                    policy.next(
                                    state,
                                    new Window(
                                            (long) Math.max(20, rate * WINDOW / 1e9),
                                            WINDOW,
                                            seen,
                                            (int) Math.ceil(inFlight)))
                            .state();
        }
    }
}
