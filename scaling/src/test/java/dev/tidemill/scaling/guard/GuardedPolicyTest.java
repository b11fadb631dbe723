package dev.tidemill.scaling.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.scaling.Bounds;
import dev.tidemill.scaling.Limit;
import dev.tidemill.scaling.Policy;
import dev.tidemill.scaling.Signal;
import dev.tidemill.scaling.Signals;
import dev.tidemill.scaling.Verdict;
import dev.tidemill.scaling.concurrency.ConcurrencyPolicy;
import dev.tidemill.scaling.concurrency.ScalingRule;
import dev.tidemill.scaling.guard.GuardedPolicy.Safety;
import dev.tidemill.scaling.guard.GuardedPolicy.Sleep;
import dev.tidemill.scaling.hpa.HpaPolicy;
import dev.tidemill.scaling.hpa.Metric;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class GuardedPolicyTest {
    private static final Bounds BOUNDS = new Bounds(0, 10);
    private static final long NINE = Instant.parse("2026-11-23T01:00:00Z").toEpochMilli();
    private static final CronSchedule CLASS =
            new CronSchedule(
                    "class",
                    Cron.parse("0 9 * * MON-FRI"),
                    Duration.ofHours(2),
                    ZoneId.of("Asia/Shanghai"),
                    4,
                    Duration.ZERO);

    private long now = NINE - 600_000;
    private int replicas = 2;

    @Test
    void a_schedule_raises_the_count_one_start_up_before_its_time_and_says_so() {
        Policy.Session session = guarded(null, null, CLASS);
        assertThat(busy(session, 10).replicas()).isEqualTo(2);
        now = NINE - 59_000;
        Verdict verdict = busy(session, 10);
        assertThat(verdict.replicas()).isEqualTo(4);
        assertThat(verdict.limits()).contains(Limit.SCHEDULE);
        assertThat(verdict.reason()).endsWith("; the schedule class asks for 4");
    }

    @Test
    void a_schedule_never_takes_away_what_load_needs() {
        Policy.Session session = guarded(null, null, CLASS);
        now = NINE;
        assertThat(busy(session, 60).replicas()).isEqualTo(8);
    }

    @Test
    void a_schedule_ends() {
        Policy.Session session = guarded(null, null, CLASS);
        now = NINE;
        busy(session, 0);
        now = NINE + Duration.ofHours(2).toMillis();
        assertThat(busy(session, 0).replicas()).isEqualTo(1);
    }

    @Test
    void silence_is_held_for_a_while_and_then_goes_to_the_safe_count_in_small_steps() {
        Policy.Session session = guarded(new Safety(Duration.ofMinutes(5), 3), null);
        replicas = 8;
        for (int second = 0; second < 299; second++) {
            assertThat(silent(session).replicas()).isEqualTo(8);
        }
        Verdict first = silent(session);
        while (first.replicas() == 8) {
            first = silent(session);
        }
        assertThat(first.replicas()).isEqualTo(7);
        assertThat(first.limits()).containsExactly(Limit.FALLBACK);
        assertThat(first.reason()).startsWith("no signal for 3").endsWith("now 7");
        assertThat(silent(session).replicas()).as("one step a start-up").isEqualTo(7);
        for (int second = 0; second < 600; second++) {
            silent(session);
        }
        assertThat(replicas).isEqualTo(3);
    }

    @Test
    void a_fleet_that_is_too_small_grows_to_the_safe_count_at_once() {
        Policy.Session session = guarded(new Safety(Duration.ofSeconds(10), 5), null);
        for (int second = 0; second < 11; second++) {
            silent(session);
        }
        assertThat(replicas).isEqualTo(5);
    }

    @Test
    void without_a_stated_count_the_usual_need_is_safe() {
        Policy.Session session = guarded(new Safety(Duration.ofSeconds(10), 0), null);
        for (int second = 0; second < 100; second++) {
            busy(session, 32);
        }
        assertThat(replicas).isEqualTo(4);
        replicas = 8;
        for (int second = 0; second < 600; second++) {
            silent(session);
        }
        assertThat(replicas).isEqualTo(4);
    }

    @Test
    void a_fleet_that_has_been_busy_for_an_hour_is_not_shrunk_to_its_quiet_first_minutes() {
        Policy.Session session = guarded(new Safety(Duration.ofMinutes(5), 0), null);
        replicas = 1;
        for (int second = 0; second < 600; second++) {
            busy(session, 4);
        }
        for (int second = 0; second < 3600; second++) {
            busy(session, 80);
        }
        assertThat(replicas).isEqualTo(10);
        for (int second = 0; second < 7200; second++) {
            assertThat(silent(session).replicas()).isEqualTo(10);
        }
    }

    @Test
    void one_silent_metric_of_two_never_takes_it_below_what_the_other_wants() {
        Policy.Session session =
                new GuardedPolicy(
                                HpaPolicy.of(
                                        "hpa",
                                        1,
                                        10,
                                        null,
                                        Metric.shared(Signal.IN_FLIGHT, 8),
                                        Metric.shared(Signal.LAG, 50)),
                                new Bounds(1, 10),
                                List.of(),
                                new Safety(Duration.ofSeconds(60), 1),
                                null,
                                Duration.ofSeconds(10))
                        .start();
        replicas = 9;
        for (int second = 0; second < 1000; second++) {
            take(session.decide(at().with(Signal.IN_FLIGHT, 40).build()));
        }
        assertThat(replicas).isEqualTo(5);
    }

    @Test
    void it_sleeps_after_the_idle_time_and_wakes_for_the_first_request() {
        Policy.Session session = guarded(null, new Sleep(Duration.ofSeconds(60)));
        busy(session, 4);
        for (int second = 0; second < 59; second++) {
            assertThat(busy(session, 0).replicas()).isEqualTo(1);
        }
        Verdict asleep = busy(session, 0);
        assertThat(asleep.replicas()).isZero();
        assertThat(asleep.reason()).endsWith("nothing for 60 s");
        assertThat(busy(session, 0).replicas()).isZero();
        Verdict woken = busy(session, 1);
        assertThat(woken.replicas()).isEqualTo(1);
        assertThat(woken.limits()).containsExactly(Limit.ACTIVATION);
    }

    @Test
    void what_cannot_be_seen_is_not_taken_for_quiet() {
        Policy.Session session = guarded(null, new Sleep(Duration.ofSeconds(60)));
        for (int second = 0; second < 600; second++) {
            assertThat(silent(session).replicas()).isPositive();
        }
    }

    @Test
    void it_stays_within_its_bounds_whatever_is_seen() {
        for (long seed = 1; seed <= 20; seed++) {
            Random random = new Random(seed);
            Policy.Session session =
                    guarded(
                            new Safety(Duration.ofSeconds(30), 3),
                            new Sleep(Duration.ofSeconds(20)),
                            CLASS);
            for (int i = 0; i < 1000; i++) {
                Verdict verdict =
                        random.nextInt(3) == 0
                                ? silent(session)
                                : busy(session, random.nextInt(4) * random.nextInt(40));
                assertThat(verdict.replicas())
                        .as("seed %d, %s", seed, verdict.reason())
                        .isBetween(0, 10);
            }
        }
    }

    private Verdict busy(Policy.Session session, double concurrency) {
        return take(session.decide(at().with(Signal.IN_FLIGHT, concurrency).build()));
    }

    private Verdict silent(Policy.Session session) {
        return take(session.decide(at().build()));
    }

    private Signals.Builder at() {
        now += 1000;
        return Signals.at(now, replicas, replicas);
    }

    private Verdict take(Verdict verdict) {
        replicas = verdict.replicas();
        return verdict;
    }

    private static Policy.Session guarded(
            @Nullable Safety safety, @Nullable Sleep sleep, CronSchedule... schedules) {
        ScalingRule rule =
                new ScalingRule(1, 10, 8, Duration.ofSeconds(1), Duration.ZERO, Duration.ZERO);
        return new GuardedPolicy(
                        new ConcurrencyPolicy("concurrency", rule),
                        BOUNDS,
                        List.of(schedules),
                        safety,
                        sleep,
                        Duration.ofSeconds(60))
                .start();
    }
}
