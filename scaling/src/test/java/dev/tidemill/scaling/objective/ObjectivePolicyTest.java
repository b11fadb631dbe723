package dev.tidemill.scaling.objective;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.scaling.Bounds;
import dev.tidemill.scaling.Limit;
import dev.tidemill.scaling.Policy;
import dev.tidemill.scaling.Signal;
import dev.tidemill.scaling.Signals;
import dev.tidemill.scaling.Verdict;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ObjectivePolicyTest {
    private static final Objective TWO_SECONDS = Objective.wait(Duration.ofSeconds(2), 0.01);
    private static final Replica LLM =
            Replica.of(4, Duration.ofSeconds(8), Duration.ofSeconds(180));
    private static final ObjectivePolicy POLICY =
            ObjectivePolicy.of(new Bounds(1, 50), TWO_SECONDS, LLM)
                    .with(Tuning.DEFAULT.withMargin(0, false));

    private int replicas = 1;
    private long seconds;

    @Test
    void a_steady_rate_gets_what_the_queueing_formula_says_and_the_sentence_has_the_numbers() {
        Policy.Session session = POLICY.start();
        Verdict verdict = run(session, 60, 2);
        int needed = Queueing.replicas(16, 4, 8, 2, 1, 0.01, 50);
        assertThat(verdict.replicas()).isEqualTo(needed).isEqualTo(6);
        assertThat(verdict.reason())
                .isEqualTo(
                        "2.00 requests/s now, 2.00 expected within 180 s, 2.00 with margin: 16.0"
                                + " busy slots need 6 of 4 each for at most 1 % over 2 s");
        assertThat(verdict.account().figures())
                .containsKeys("forecast", "spread", "margin", "hold seconds", "lead seconds");
    }

    @Test
    void a_burst_is_answered_by_the_first_look_at_it() {
        Policy.Session session = POLICY.start();
        run(session, 60, 1);
        int before = replicas;
        Verdict verdict = run(session, 1, 6);
        assertThat(verdict.replicas())
                .isGreaterThanOrEqualTo(Queueing.replicas(48, 4, 8, 2, 1, 0.01, 50))
                .isGreaterThan(3 * before);
    }

    @Test
    void nothing_shrinks_that_was_wanted_within_one_start_up() {
        Policy.Session session = POLICY.start();
        run(session, 30, 4);
        int high = replicas;
        for (int minute = 0; minute < 4; minute++) {
            run(session, 1, 0.5);
            if (minute < 2) {
                assertThat(replicas).isEqualTo(high);
            }
        }
        run(session, 40, 0.5);
        assertThat(replicas).isLessThan(high / 2);
    }

    @Test
    void what_waits_at_old_replicas_while_new_ones_are_idle_is_no_sign_of_fewer_slots() {
        Policy.Session session = POLICY.start();
        double slots = 0;
        for (int second = 1; second <= 200; second++) {
            int ready = second < 5 ? 2 : 4;
            slots =
                    session.decide(
                                    Signals.at(second * 1000L, 4, ready)
                                            .with(Signal.ARRIVALS, 1)
                                            .with(Signal.IN_FLIGHT, 18)
                                            .with(Signal.WAITING, 10)
                                            .build())
                            .account()
                            .figures()
                            .getOrDefault("slots", 0.0);
        }
        assertThat(slots).isEqualTo(4);
    }

    @Test
    void replicas_that_do_not_say_how_long_they_take_are_known_by_what_leaves_them() {
        Policy.Session session = POLICY.start();
        int ordered = 1;
        double flight = 0;
        double slotSeconds = 0;
        // One replica that ends three a second, whatever is stated, and six that come.
        for (int second = 1; second <= 60; second++) {
            flight += 3;
            Verdict verdict =
                    session.decide(
                            Signals.at(second * 1000L, 1, 1)
                                    .with(Signal.ARRIVALS, 6)
                                    .with(Signal.IN_FLIGHT, flight)
                                    .build());
            ordered = verdict.replicas();
            slotSeconds = verdict.account().figures().getOrDefault("slot seconds", 0.0);
        }
        assertThat(slotSeconds).isBetween(1.0, 1.7);
        assertThat(ordered).isGreaterThanOrEqualTo(2);
    }

    @Test
    void what_is_stated_is_believed_while_slots_are_idle() {
        Policy.Session session = POLICY.start();
        double slotSeconds = 0;
        for (int second = 1; second <= 60; second++) {
            slotSeconds =
                    session.decide(
                                    Signals.at(second * 1000L, 4, 4)
                                            .with(Signal.ARRIVALS, 0.1)
                                            .with(Signal.IN_FLIGHT, 1)
                                            .build())
                            .account()
                            .figures()
                            .getOrDefault("slot seconds", 0.0);
        }
        assertThat(slotSeconds).isEqualTo(8);
    }

    @Test
    void a_forecast_of_nothing_from_before_anybody_came_is_not_judged() {
        Policy.Session session = POLICY.start();
        double spread = Double.NaN;
        for (int second = 1; second <= 900; second++) {
            spread =
                    session.decide(
                                    Signals.at(second * 1000L, 2, 2)
                                            .with(Signal.ARRIVALS, second <= 5 ? 0 : 0.3)
                                            .build())
                            .account()
                            .figures()
                            .getOrDefault("spread", Double.NaN);
        }
        assertThat(spread).isLessThan(0.5);
    }

    @Test
    void seconds_in_which_nothing_ended_say_nothing_of_lateness() {
        Policy.Session session = POLICY.start();
        double margin = Double.NaN;
        for (int second = 1; second <= 20_000; second++) {
            // Four come at once every ten seconds; they end, in time, in seconds of their own.
            Signals.Builder seen =
                    Signals.at(second * 1000L, 2, 2)
                            .with(Signal.ARRIVALS, second % 10 == 0 ? 4 : 0);
            if (second % 10 == 8) {
                seen.with(Signal.LATE, 0);
            }
            margin =
                    session.decide(seen.build())
                            .account()
                            .figures()
                            .getOrDefault("margin", Double.NaN);
        }
        assertThat(margin).isLessThanOrEqualTo(Tuning.DEFAULT.margin());
    }

    @Test
    void a_learned_start_up_time_lengthens_the_hold() {
        Policy.Session session = POLICY.start();
        Verdict verdict =
                session.decide(
                        Signals.at(0, 1, 1)
                                .with(Signal.ARRIVALS, 1)
                                .with(Signal.START_SECONDS, 1000)
                                .build());
        assertThat(verdict.account().figures()).containsEntry("hold seconds", 2300.0);
    }

    @Test
    void the_usual_day_is_ordered_one_start_up_ahead_once_it_is_known() {
        Policy.Session session = POLICY.start();
        int firstDay = 0;
        int lastDay = 0;
        for (int day = 0; day < 5; day++) {
            for (int minute = 0; minute < 1440; minute++) {
                run(session, 1, minute >= 540 && minute < 720 ? 4 : 1);
                if (minute == 538) {
                    firstDay = day == 0 ? replicas : firstDay;
                    lastDay = replicas;
                }
            }
        }
        assertThat(lastDay).isGreaterThan(firstDay + 1);
    }

    @Test
    void a_schedule_raises_the_least_one_start_up_early_and_never_lowers_anything() {
        Schedule nine =
                new Schedule(
                        "class",
                        EnumSet.allOf(DayOfWeek.class),
                        LocalTime.of(9, 0),
                        LocalTime.of(10, 0),
                        ZoneOffset.UTC,
                        8);
        Policy.Session session = POLICY.with(List.of(nine)).start();
        run(session, 8 * 60 + 57, 0.5);
        assertThat(replicas).isLessThan(8);
        Verdict early = run(session, 1, 0.5);
        assertThat(early.replicas()).isEqualTo(8);
        assertThat(early.limits()).containsExactly(Limit.SCHEDULE);
        assertThat(early.reason()).endsWith("but a schedule asks for 8");
        run(session, 20, 6);
        assertThat(replicas).isGreaterThan(8);
    }

    @Test
    void a_silent_metric_is_held_then_moves_slowly_to_what_is_usually_needed() {
        Policy.Session session = POLICY.start();
        run(session, 1440, 1);
        run(session, 30, 6);
        int high = replicas;
        Verdict first = run(session, 5, Double.NaN);
        assertThat(first.replicas()).isEqualTo(high);
        assertThat(first.limits()).containsExactly(Limit.SILENT);
        int before = replicas;
        for (int minute = 0; minute < 240; minute++) {
            Verdict verdict = run(session, 1, Double.NaN);
            assertThat(before - verdict.replicas()).isLessThanOrEqualTo(Math.max(1, before / 10));
            before = verdict.replicas();
        }
        assertThat(replicas).isLessThan(high / 2).isGreaterThanOrEqualTo(4);
    }

    @Test
    void a_silent_metric_before_a_day_is_known_shrinks_no_further_than_the_last_hour() {
        Policy.Session session = POLICY.start();
        run(session, 10, 1);
        run(session, 60, 6);
        int high = replicas;
        run(session, 240, Double.NaN);
        assertThat(replicas).isGreaterThanOrEqualTo(high);
    }

    @Test
    void a_stated_fallback_is_where_silence_ends_also_when_that_is_more() {
        Policy.Session session = POLICY.with(POLICY.tuning().withFallback(9)).start();
        run(session, 30, 0.5);
        assertThat(replicas).isLessThan(9);
        Verdict verdict = run(session, 10, Double.NaN);
        assertThat(verdict.replicas()).isEqualTo(9);
    }

    @Test
    void silence_from_the_first_moment_changes_nothing() {
        replicas = 5;
        Policy.Session session = POLICY.start();
        Verdict verdict = run(session, 600, Double.NaN);
        assertThat(verdict.replicas()).isEqualTo(5);
        assertThat(verdict.reason()).isEqualTo("no signal for 35940 s: holding at 5");
    }

    @Test
    void slots_are_learned_from_what_replicas_work_on_at_once() {
        Policy.Session session = POLICY.start();
        for (int i = 0; i < 3; i++) {
            assertThat(busy(session, 60, 40).account().figures()).containsEntry("slots", 4.0);
        }
        assertThat(busy(session, 60, 40).account().figures()).containsEntry("slots", 6.0);
        for (int i = 0; i < 3; i++) {
            assertThat(busy(session, 20, 90).account().figures()).containsEntry("slots", 6.0);
        }
        assertThat(busy(session, 20, 90).account().figures()).containsEntry("slots", 2.0);
        assertThat(busy(session, 5, 0).account().figures()).containsEntry("slots", 2.0);
    }

    @Test
    void replicas_that_say_on_how_many_they_work_are_believed_at_once() {
        Policy.Session session = POLICY.start();
        Verdict said = saying(session, 1);
        assertThat(said.account().figures()).containsEntry("slots", 1.0);
        assertThat(said.replicas()).isGreaterThan(saying(POLICY.start(), 4).replicas());

        assertThat(saying(session, 2).account().figures()).containsEntry("slots", 2.0);
    }

    @Test
    void who_works_on_more_than_it_says_joins_them() {
        Policy.Session session = POLICY.start();
        double slots = 0;
        for (int i = 0; i < 10; i++) {
            seconds += 15;
            Verdict verdict =
                    session.decide(
                            Signals.at(seconds * 1000, 10, 10)
                                    .with(Signal.ARRIVALS, 3)
                                    .with(Signal.IN_FLIGHT, 60)
                                    .with(Signal.WAITING, 0)
                                    .with(Signal.SLOTS, 1)
                                    .build());
            slots = verdict.account().figures().getOrDefault("slots", 0.0);
        }
        assertThat(slots).isEqualTo(6);
        assertThat(saying(session, 2).account().figures()).containsEntry("slots", 6.0);
        assertThat(saying(session, 8).account().figures()).containsEntry("slots", 8.0);
    }

    private Verdict saying(Policy.Session session, double slots) {
        Verdict verdict = null;
        for (int i = 0; i < 20; i++) {
            seconds += 15;
            verdict =
                    session.decide(
                            Signals.at(seconds * 1000, 10, 10)
                                    .with(Signal.ARRIVALS, 3)
                                    .with(Signal.IN_FLIGHT, 1)
                                    .with(Signal.WAITING, 0)
                                    .with(Signal.SLOTS, slots)
                                    .build());
        }
        return requireNonNull(verdict);
    }

    @Test
    void what_replicas_that_go_still_work_on_is_no_sign_of_more_slots() {
        Policy.Session session = POLICY.start();
        double slots = 0;
        for (int second = 1; second <= 200; second++) {
            slots =
                    session.decide(
                                    Signals.at(second * 1000L, 1, second < 5 ? 2 : 1)
                                            .with(Signal.ARRIVALS, 0.5)
                                            .with(Signal.IN_FLIGHT, second < 90 ? 7 : 4)
                                            .with(Signal.WAITING, 0)
                                            .build())
                            .account()
                            .figures()
                            .getOrDefault("slots", 0.0);
        }
        assertThat(slots).isEqualTo(4);
    }

    @Test
    void a_flood_that_servers_tell_of_seconds_late_is_no_sign_of_more_slots() {
        Policy.Session session = POLICY.start();
        double slots = 0;
        for (int second = 1; second <= 170; second++) {
            slots =
                    session.decide(
                                    Signals.at(second * 1000L, 2, 2)
                                            .with(Signal.ARRIVALS, 6)
                                            .with(Signal.IN_FLIGHT, 8 + 5.0 * second)
                                            .with(Signal.WAITING, 5.0 * Math.max(0, second - 4))
                                            .build())
                            .account()
                            .figures()
                            .getOrDefault("slots", 0.0);
        }
        assertThat(slots).isEqualTo(4);
    }

    @Test
    void what_ran_before_the_first_look_is_not_let_go_by_it() {
        Policy.Session session = POLICY.start();
        Verdict first = session.decide(Signals.at(0, 9, 9).with(Signal.ARRIVALS, 0).build());
        assertThat(first.replicas()).isEqualTo(9);
        assertThat(first.limits()).containsExactly(Limit.HOLD);
        replicas = 9;
        run(session, 20, 0.1);
        assertThat(replicas).isLessThan(3);
    }

    @Test
    void three_requests_in_one_second_by_chance_are_no_burst_and_thirty_are_one_at_once() {
        Policy.Session session = POLICY.start();
        int most = 0;
        for (int second = 1; second <= 1200; second++) {
            // Three at once every ten seconds.
            most =
                    session.decide(
                                    Signals.at(second * 1000L, 3, 3)
                                            .with(Signal.ARRIVALS, second % 10 == 0 ? 3 : 0)
                                            .build())
                            .replicas();
            assertThat(most).as("second %d", second).isLessThanOrEqualTo(3);
        }
        Verdict flood =
                session.decide(Signals.at(1_201_000, 3, 3).with(Signal.ARRIVALS, 30).build());
        assertThat(flood.replicas()).isGreaterThan(3 * most);
        assertThat(flood.account().figures()).containsKey("burst");
    }

    private Verdict busy(Policy.Session session, double working, double waiting) {
        seconds += 15;
        return session.decide(
                Signals.at(seconds * 1000, 10, 10)
                        .with(Signal.ARRIVALS, 3)
                        .with(Signal.IN_FLIGHT, working + waiting)
                        .with(Signal.WAITING, waiting)
                        .build());
    }

    @Test
    void requests_in_flight_stand_in_for_arrivals() {
        Policy.Session session = POLICY.start();
        int wanted = 0;
        for (int second = 0; second <= 60; second++) {
            wanted =
                    session.decide(
                                    Signals.at(second * 1000L, 1, 1)
                                            .with(Signal.IN_FLIGHT, 16)
                                            .build())
                            .wanted();
        }
        assertThat(wanted).isGreaterThanOrEqualTo(7);
    }

    @Test
    void two_requests_in_the_first_second_are_no_two_a_second_and_two_hundred_are() {
        Policy.Session few = POLICY.start();
        Verdict verdict = few.decide(Signals.at(0, 2, 2).with(Signal.ARRIVALS, 2).build());
        assertThat(verdict.replicas()).isEqualTo(2);
        assertThat(verdict.reason())
                .startsWith("2.00 requests/s now, 0.00 beyond chance as the first minute has it");
        for (int second = 1; second <= 120; second++) {
            verdict =
                    few.decide(
                            Signals.at(second * 1000L, 2, 2)
                                    .with(Signal.ARRIVALS, second % 3 == 0 ? 1 : 0)
                                    .build());
            assertThat(verdict.wanted()).as("second %d", second).isLessThanOrEqualTo(3);
        }
        Verdict many = POLICY.start().decide(Signals.at(0, 2, 2).with(Signal.ARRIVALS, 20).build());
        assertThat(many.replicas())
                .isGreaterThanOrEqualTo(Queueing.replicas(8 * 10, 4, 8, 2, 1, 0.01, 50));
    }

    @Test
    void it_sleeps_after_a_quiet_while_and_wakes_with_the_first_request() {
        Policy.Session session =
                new ObjectivePolicy(
                                "objective",
                                new Bounds(0, 50),
                                TWO_SECONDS,
                                LLM,
                                POLICY.tuning(),
                                List.of())
                        .start();
        run(session, 30, 0.5);
        int minutes = 0;
        while (replicas > 0 && minutes < 60) {
            run(session, 1, 0);
            minutes++;
        }
        assertThat(minutes).isBetween(10, 40);
        assertThat(run(session, 1, 0.02).replicas()).isPositive();
    }

    @Test
    void a_full_key_value_cache_asks_for_one_more() {
        Policy.Session session = POLICY.start();
        Verdict verdict =
                session.decide(
                        Signals.at(0, 9, 9)
                                .with(Signal.ARRIVALS, 0.1)
                                .with(Signal.KV_CACHE, 0.95)
                                .build());
        assertThat(verdict.replicas()).isEqualTo(10);
    }

    @Test
    void longer_prompts_need_more_replicas_for_the_same_requests() {
        TokenCost cost = new TokenCost(0.001, 0.01, 0.0005, 0, 0.03, 200_000, 64);
        Replica tokens = new Replica(16, Duration.ofSeconds(4), Duration.ofSeconds(60), cost);
        assertThat(tokens(tokens, 8000)).isGreaterThan(2 * tokens(tokens, 500));
    }

    private static int tokens(Replica replica, double prompt) {
        Policy.Session session =
                ObjectivePolicy.of(new Bounds(1, 500), TWO_SECONDS, replica)
                        .with(Tuning.DEFAULT.withMargin(0, false))
                        .start();
        int replicas = 1;
        for (int minute = 0; minute < 60; minute++) {
            replicas =
                    session.decide(
                                    Signals.at(minute * 60_000L, replicas, replicas)
                                            .with(Signal.ARRIVALS, 10)
                                            .with(Signal.PROMPT_TOKENS, 10 * prompt)
                                            .with(Signal.OUTPUT_TOKENS, 10 * 200)
                                            .build())
                            .replicas();
        }
        return replicas;
    }

    @Test
    void a_total_latency_below_the_service_time_does_not_ask_for_everything() {
        Policy.Session session =
                ObjectivePolicy.of(
                                new Bounds(1, 500),
                                new Objective(Duration.ofSeconds(2), 0.01, Objective.Counts.TOTAL),
                                LLM)
                        .with(Tuning.DEFAULT.withMargin(0, false))
                        .start();
        assertThat(run(session, 60, 2).replicas()).isBetween(7, 12);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void it_stays_in_its_bounds_and_more_demand_never_gets_fewer(long seed) {
        Random random = new Random(seed);
        int min = random.nextInt(3);
        int max = Math.max(1, min) + random.nextInt(40);
        ObjectivePolicy policy =
                new ObjectivePolicy(
                        "objective",
                        new Bounds(min, max),
                        Objective.wait(
                                Duration.ofMillis(random.nextInt(3000)),
                                0.001 + random.nextDouble() * 0.1),
                        Replica.of(
                                1 + random.nextInt(8),
                                Duration.ofMillis(50 + random.nextInt(9000)),
                                Duration.ofSeconds(random.nextInt(400))),
                        Tuning.DEFAULT.withMargin(random.nextDouble() * 2, false),
                        List.of());
        double[] rates = new double[600];
        double rate = random.nextDouble();
        for (int minute = 0; minute < rates.length; minute++) {
            rate = Math.max(0, rate + (random.nextDouble() - 0.5) * 0.5);
            rates[minute] = random.nextInt(40) == 0 ? rate * 5 : rate;
        }
        for (int until = 1; until < rates.length; until += 37) {
            Verdict small = last(policy, rates, until, 1);
            Verdict large = last(policy, rates, until, 1 + random.nextDouble());
            assertThat(small.replicas()).as("seed %d minute %d", seed, until).isBetween(min, max);
            assertThat(large.replicas())
                    .as("seed %d minute %d: %s; %s", seed, until, small.reason(), large.reason())
                    .isGreaterThanOrEqualTo(small.replicas());
        }
    }

    /// The verdict of the last minute, in which demand was so many times what it was.
    private static Verdict last(ObjectivePolicy policy, double[] rates, int until, double times) {
        Policy.Session session = policy.start();
        int ready = Math.max(1, policy.bounds().min());
        Verdict verdict = null;
        for (int minute = 0; minute < until; minute++) {
            double rate = rates[minute] * (minute == until - 1 ? times : 1);
            verdict =
                    session.decide(
                            Signals.at(minute * 60_000L, ready, ready)
                                    .with(Signal.ARRIVALS, rate)
                                    .build());
        }
        return Objects.requireNonNull(verdict);
    }

    private Verdict run(Policy.Session session, int minutes, double rate) {
        Verdict last = null;
        for (int i = 0; i < minutes; i++) {
            last =
                    session.decide(
                            Signals.at(seconds * 1000, replicas, replicas)
                                    .with(Signal.ARRIVALS, rate)
                                    .build());
            replicas = last.replicas();
            seconds += 60;
        }
        return Objects.requireNonNull(last);
    }
}
