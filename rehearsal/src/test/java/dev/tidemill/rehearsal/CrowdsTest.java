package dev.tidemill.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tidemill.rehearsal.study.Timetable;
import dev.tidemill.scaling.Bounds;
import dev.tidemill.scaling.objective.Objective;
import dev.tidemill.scaling.objective.ObjectivePolicy;
import dev.tidemill.scaling.objective.Replica;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// Crowds that come at known times are foreseen from history; those that do not are not, by nobody.
final class CrowdsTest {
    private static final Service SLOW = Service.of(4, 8, 180, 2);
    private static final ObjectivePolicy OBJECTIVE =
            ObjectivePolicy.of(
                    new Bounds(1, 200),
                    Objective.wait(Duration.ofSeconds(2), 0.01),
                    Replica.of(4, Duration.ofSeconds(8), Duration.ofSeconds(180)));

    @Test
    void the_bell_of_a_class_is_late_on_the_first_day_and_foreseen_from_then_on() {
        MinuteTrace trace = Tides.named("bell", 40).orElseThrow().trace(5, 1);
        double[] late = new double[5];
        double[] requests = new double[5];
        for (int seed = 1; seed <= 3; seed++) {
            MinuteReplay.run(
                    Scene.of(trace, SLOW, 4).withSeed(seed),
                    OBJECTIVE,
                    new Watcher() {
                        @Override
                        public void minute(
                                int minute, double count, double lateOnes, double on, double up) {
                            int ofDay = minute % 1440;
                            if (bell(ofDay, 540) || bell(ofDay, 660) || bell(ofDay, 840)) {
                                late[minute / 1440] += lateOnes;
                                requests[minute / 1440] += count;
                            }
                        }
                    });
        }
        assertThat(late[0] / requests[0]).as("first day").isGreaterThan(0.1);
        for (int day = 2; day < 5; day++) {
            assertThat(late[day] / requests[day])
                    .as("day %d", day + 1)
                    .isLessThan(0.2 * late[0] / requests[0]);
        }
    }

    private static boolean bell(int ofDay, int from) {
        return ofDay >= from && ofDay < from + 15;
    }

    @Test
    void who_knows_all_but_when_crowds_begin_is_late_in_their_first_lead_alone() {
        Tides.Drawn drawn = Tides.SMALL.drawn(10, 1);
        assertThat(drawn.crowds()).isNotEmpty();
        double[] late = new double[2];
        Outcome outcome = surprised(drawn, 0, late);
        double[] knew = new double[2];
        Outcome oracle = play(drawn, Oracle.fleet(drawn.trace(), SLOW, 0.01, 1), knew);
        assertThat(late[1]).isEqualTo(outcome.late(), within(1e-6));
        assertThat(late[0]).isGreaterThan(10 * knew[0]);
        // About, because the calm of these days is.
        assertThat(late[1] - late[0]).isEqualTo(knew[1] - knew[0], within(0.1 * knew[1]));
        assertThat(outcome.replicaHours()).isLessThanOrEqualTo(1.01 * oracle.replicaHours());
        double before = outcome.late();
        for (int reserve = 2; reserve <= 10; reserve += 2) {
            double now = surprised(drawn, reserve, new double[2]).late();
            assertThat(now).as("reserve of %d", reserve).isLessThan(before);
            before = now;
        }
    }

    /// @param late of crowds' first three minutes, and of all
    private static Outcome surprised(Tides.Drawn drawn, int reserve, double[] late) {
        return play(drawn, Oracle.surprised(drawn, SLOW, 0.01, 1, 1, reserve), late);
    }

    private static Outcome play(Tides.Drawn drawn, int[] fleet, double[] late) {
        return MinuteReplay.run(
                Scene.of(drawn.trace(), SLOW, fleet[0]),
                new Timetable(
                        "oracle",
                        drawn.trace().startMillis(),
                        Arrays.stream(fleet).boxed().toList()),
                new Watcher() {
                    @Override
                    public void minute(
                            int minute, double count, double lateOnes, double on, double up) {
                        boolean first =
                                drawn.crowds().stream()
                                        .anyMatch(begin -> minute >= begin && minute < begin + 4);
                        late[0] += first ? lateOnes : 0;
                        late[1] += lateOnes;
                    }
                });
    }

    @Test
    void without_crowds_nothing_is_taken_off() {
        Tides.Drawn drawn = Tides.named("day", 40).orElseThrow().drawn(3, 2);
        assertThat(drawn.crowds()).isEmpty();
        for (int minute = 0; minute < drawn.trace().minutes(); minute++) {
            assertThat(drawn.calm().count(minute)).isEqualTo(drawn.trace().count(minute));
        }
        assertThat(Oracle.surprised(drawn, SLOW, 0.01, 1, 1, 0))
                .isEqualTo(Oracle.fleet(drawn.trace(), SLOW, 0.01, 1));
    }
}
