package dev.tidemill.scaling.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MarginTest {
    private static final Objective PROMISE = Objective.wait(Duration.ofSeconds(2), 0.01);

    /// Traffic of which one in a hundred is late with so many deviations, and the fewer the more.
    @ParameterizedTest(name = "needs {0} deviations")
    @ValueSource(doubles = {-0.2, 0.5, 1, 2, 3, 4})
    void whatever_the_traffic_needs_the_promise_is_kept_and_not_overpaid(double needs) {
        Margin margin = new Margin(PROMISE, Tuning.DEFAULT);
        double late = 0;
        int days = 30;
        int steps = 0;
        for (int step = 0; step < days * 1440; step++) {
            double now = 0.01 * Math.exp(-1.2 * (margin.deviations() - needs));
            margin.learn(now, 5, 60);
            if (step >= 20 * 1440) {
                late += now;
                steps++;
            }
        }
        assertThat(late / steps).as("needs %s", needs).isBetween(0.006, 0.01);
        assertThat(margin.deviations()).isBetween(needs - 0.1, needs + 0.8);
    }

    /// Of two services, in the first second of which nobody came or five did.
    @Test
    void what_the_first_second_brought_does_not_say_what_a_late_request_counts() {
        double[] deviations = new double[2];
        for (int first = 0; first < 2; first++) {
            Margin margin = new Margin(PROMISE, Tuning.DEFAULT);
            margin.learn(Double.NaN, 5 * first, 1);
            for (int second = 0; second < 7200; second++) {
                margin.learn(second > 7000 ? 0.5 : 0, second % 3 == 0 ? 1 : 0, 1);
            }
            deviations[first] = margin.deviations();
        }
        assertThat(deviations[0]).isGreaterThan(1.1);
        assertThat(deviations[1]).isCloseTo(deviations[0], within(0.02));
    }

    /// A look a second and one every fifteen, of the same requests.
    @Test
    void how_often_one_looks_does_not_say_what_a_late_request_counts() {
        Margin often = new Margin(PROMISE, Tuning.DEFAULT);
        Margin seldom = new Margin(PROMISE, Tuning.DEFAULT);
        for (int second = 1; second <= 36_000; second++) {
            double late = second > 35_000 ? 0.3 : 0;
            often.learn(late, second % 15 == 0 ? 3 : 0, 1);
            if (second % 15 == 0) {
                seldom.learn(late, 0.2, 15);
            }
        }
        assertThat(often.deviations())
                .isGreaterThan(1.1)
                .isCloseTo(seldom.deviations(), within(0.02));
    }

    @ParameterizedTest(name = "late share {0}")
    @ValueSource(doubles = {0, 1})
    void it_ends_somewhere_whatever_happens(double late) {
        Margin margin = new Margin(PROMISE, Tuning.DEFAULT);
        for (int step = 0; step < 60 * 1440; step++) {
            margin.learn(late, 5, 60);
        }
        assertThat(margin.deviations()).isBetween(-1.0, 6.0);
    }
}
