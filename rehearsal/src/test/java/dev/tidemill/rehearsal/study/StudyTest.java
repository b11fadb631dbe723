package dev.tidemill.rehearsal.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tidemill.rehearsal.Fault;
import dev.tidemill.rehearsal.MinuteReplay;
import dev.tidemill.rehearsal.MinuteTrace;
import dev.tidemill.rehearsal.Outcome;
import dev.tidemill.rehearsal.Scene;
import dev.tidemill.rehearsal.Service;
import dev.tidemill.rehearsal.Tally;
import dev.tidemill.rehearsal.Tides;
import dev.tidemill.rehearsal.Watcher;
import dev.tidemill.rehearsal.trace.Trace;
import dev.tidemill.scaling.Bounds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class StudyTest {
    private static final Service LLM = Service.of(4, 8, 180, 2);
    private static final MinuteTrace DAYS = Tides.SMALL.trace(4, 7);
    private static final Target TARGET = Target.of(LLM, new Bounds(1, 100), 0.01, DAYS);
    private static final Scene SCENE = Scene.of(DAYS, LLM, 3).withSeed(1);

    @Test
    void nobody_is_cheaper_than_the_oracle_and_less_late_than_promised() {
        Study study = new Study(SCENE, TARGET, 1);
        for (Family family : Family.values()) {
            Finding finding = study.find(family.usual(TARGET), null);
            assertThat(finding.cost() > 0.97 || finding.late() > 0.01)
                    .as("%s: %s late at %s", finding.name(), finding.late(), finding.cost())
                    .isTrue();
        }
    }

    @Test
    void every_family_has_a_frontier_whose_names_can_be_given_back() {
        for (Family family : Family.values()) {
            List<Setting> settings = family.frontier(TARGET);
            assertThat(settings).isNotEmpty();
            for (Setting setting : settings) {
                assertThat(Family.of(setting.family())).isEqualTo(family);
                if (setting.name().contains("=")) {
                    double knob = Double.parseDouble(setting.name().split("=", 2)[1]);
                    assertThat(family.at(TARGET, knob).name()).isEqualTo(setting.name());
                }
            }
        }
        assertThatThrownBy(() -> Family.HPA.at(TARGET, -3)).hasMessageContaining("CPU target");
    }

    @Test
    void turning_the_knob_of_the_objective_trades_lateness_for_cost() {
        Study study = new Study(SCENE, TARGET, 1);
        Finding strict = study.find(Family.OBJECTIVE.at(TARGET, 0.1), null);
        Finding loose = study.find(Family.OBJECTIVE.at(TARGET, 5), null);
        assertThat(strict.late()).isLessThan(loose.late());
        assertThat(strict.cost()).isGreaterThan(loose.cost());
    }

    @Test
    void intervals_hold_their_figure_and_are_narrower_with_more_days() {
        Finding finding = new Study(SCENE, TARGET, 3).find(Family.HPA.usual(TARGET), null);
        assertThat(finding.late())
                .isBetween(finding.lateInterval().low(), finding.lateInterval().high());
        assertThat(finding.cost())
                .isBetween(finding.costInterval().low(), finding.costInterval().high());
        assertThat(finding.outcomes()).hasSize(3);
        assertThat(finding.outcomes().get(0).late()).isNotEqualTo(finding.outcomes().get(1).late());
        double[] few = {1, 3, 2, 4};
        double[] many = new double[64];
        Arrays.setAll(many, i -> few[i % 4]);
        assertThat(width(many)).isLessThan(width(few) / 3);
        assertThat(new Bootstrap(4, 1).difference(few, few, few)).isEqualTo(new Interval(0, 0));
    }

    @Test
    void what_begins_after_the_last_day_counts_for_it_but_its_hours_do_not() {
        double[] flat = new double[1440];
        Arrays.fill(flat, 1);
        Player overrunning =
                (_, policy, _) -> {
                    Tally tally = new Tally(0.01);
                    for (int minute = 0; minute < 1440; minute++) {
                        tally.step(1, 0, 1, 60_000);
                        tally.minute();
                    }
                    tally.step(480, 480, 1, 3_600_000);
                    tally.minute();
                    return tally.outcome(policy.name());
                };
        Study study =
                new Study(
                        Scene.of(MinuteTrace.of(0, flat), LLM, 1),
                        Target.of(LLM, new Bounds(1, 9), 0.01, MinuteTrace.of(0, flat)),
                        1,
                        overrunning);
        Finding finding = study.find(Family.HPA.usual(TARGET), null);
        assertThat(finding.late()).isCloseTo(0.25, within(1e-9));
        assertThat(finding.cost()).isCloseTo(24 / study.oracleHours(), within(1e-9));
    }

    private static double width(double[] days) {
        double[] ones = new double[days.length];
        Arrays.fill(ones, 1);
        Interval interval = new Bootstrap(days.length, 1).ratio(days, ones);
        return interval.high() - interval.low();
    }

    @Test
    void the_gap_to_the_oracle_is_taken_apart_into_parts_that_add_up() {
        Study study = new Study(SCENE, TARGET, 1);
        Gap ours = Objects.requireNonNull(study.gap(Family.OBJECTIVE.usual(TARGET)));
        double cost = study.find(Family.OBJECTIVE.usual(TARGET), null).cost();
        assertThat(ours.total()).isCloseTo(cost - 1, within(0.02));
        assertThat(ours.margin()).isPositive();
        assertThat(ours.hold()).isPositive();
        assertThat(Math.abs(ours.other())).isLessThan(0.05);
        assertThat(study.gap(Family.HPA.usual(TARGET))).isNull();
    }

    @Test
    void faults_hurt_and_only_where_they_are() {
        Outcome well = replay(SCENE);
        assertThat(replay(SCENE.with(new Fault.SlowStart(3))).late()).isGreaterThan(well.late());
        Scene sold = SCENE.with(new Fault.StockOut(1900, 2100));
        assertThat(replay(sold).late()).isGreaterThan(well.late());
        assertThat(replay(sold).days().get(0)).isEqualTo(well.days().get(0));
        assertThat(Stress.all(SCENE)).hasSize(5);
    }

    private static Outcome replay(Scene scene) {
        return MinuteReplay.run(scene, Family.HPA.usual(TARGET).policy(), Watcher.NONE);
    }

    @Test
    void a_replica_that_cannot_be_had_is_not_paid_for() {
        List<Double> ordered = new ArrayList<>();
        MinuteReplay.run(
                SCENE.with(new Fault.StockOut(0, DAYS.minutes())),
                Family.HPA.at(TARGET, 30).policy(),
                new Watcher() {
                    @Override
                    public void minute(
                            int minute, double requests, double late, double all, double ready) {
                        ordered.add(all);
                    }
                });
        assertThat(ordered).allMatch(all -> all <= 3);
    }

    @Test
    void advice_is_the_cheapest_that_keeps_the_promise_and_says_so() {
        Study study = new Study(SCENE, TARGET, 1);
        List<Finding> findings =
                List.of(
                        study.find(Family.STATIC.usual(TARGET), null),
                        study.find(Family.OBJECTIVE.usual(TARGET), null),
                        study.find(Family.KPA.usual(TARGET), null));
        Advice advice = Advice.of(findings, 0.01).orElseThrow();
        assertThat(advice.setting().name()).isEqualTo("objective=1");
        assertThat(advice.keeps()).isTrue();
        assertThat(advice.reason()).contains("cheapest of the 2 out of 3").contains("static=");
        Advice none = Advice.of(findings, 1e-12).orElseThrow();
        assertThat(none.keeps()).isFalse();
        assertThat(none.reason()).contains("none of 3 settings");
    }

    @Test
    void a_rehearsal_comes_out_the_same_and_tells_how_far_it_is() {
        List<Integer> told = new ArrayList<>();
        Report once = rehearsal().run((done, of) -> told.add(100 * done / of));
        Report again = rehearsal().run((_, _) -> {});
        assertThat(told).first().isEqualTo(0);
        assertThat(told).last().isEqualTo(100);
        assertThat(again.results().getFirst().finding())
                .isEqualTo(once.results().getFirst().finding());
        assertThat(again.results().getFirst().curve().changes())
                .isEqualTo(once.results().getFirst().curve().changes())
                .hasSize(5);
        assertThat(once.results().getFirst().curve().more()).isPositive();
        assertThat(once.stress()).hasSize(5);
        assertThat(once.frontier()).hasSizeGreaterThan(5);
    }

    static Rehearsal rehearsal() {
        return new Rehearsal(
                "a <service>",
                new Trace(DAYS, false, false, 0, 0, DAYS.minutes(), 0, Optional.empty(), List.of()),
                SCENE,
                TARGET,
                1,
                MinuteReplay::run,
                List.of(Family.OBJECTIVE.usual(TARGET), Family.HPA.usual(TARGET)),
                List.of(Family.OBJECTIVE),
                true,
                5,
                0.5,
                "EUR",
                List.of("a note"));
    }
}
