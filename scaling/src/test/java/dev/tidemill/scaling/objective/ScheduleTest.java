package dev.tidemill.scaling.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ScheduleTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final Set<DayOfWeek> WORKING = EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY);
    private static final Schedule NINE =
            new Schedule(
                    "nine o'clock class",
                    WORKING,
                    LocalTime.of(9, 0),
                    LocalTime.of(10, 30),
                    BERLIN,
                    6);

    @Test
    void it_counts_from_one_lead_before_its_beginning_until_just_before_its_end() {
        Duration lead = Duration.ofMinutes(3);
        assertThat(NINE.atLeast(at("2026-11-20T08:56:59"), lead)).isZero();
        assertThat(NINE.atLeast(at("2026-11-20T08:57:00"), lead)).isEqualTo(6);
        assertThat(NINE.atLeast(at("2026-11-20T10:29:59"), lead)).isEqualTo(6);
        assertThat(NINE.atLeast(at("2026-11-20T10:30:00"), lead)).isZero();
        assertThat(NINE.atLeast(at("2026-11-21T09:30:00"), lead)).as("a Saturday").isZero();
    }

    @Test
    void a_lead_may_reach_into_the_day_before_and_an_end_into_the_day_after() {
        Schedule night =
                new Schedule(
                        "batch",
                        Set.of(DayOfWeek.FRIDAY),
                        LocalTime.of(0, 5),
                        LocalTime.of(0, 1),
                        BERLIN,
                        2);
        assertThat(night.atLeast(at("2026-11-19T23:56:00"), Duration.ofMinutes(10))).isEqualTo(2);
        assertThat(night.atLeast(at("2026-11-21T00:00:30"), Duration.ZERO)).isEqualTo(2);
        assertThat(night.atLeast(at("2026-11-21T00:01:00"), Duration.ZERO)).isZero();
    }

    @Test
    void it_keeps_local_time_when_the_clocks_change() {
        Schedule sunday =
                new Schedule(
                        "sunday",
                        Set.of(DayOfWeek.SUNDAY),
                        LocalTime.of(9, 0),
                        LocalTime.of(10, 0),
                        BERLIN,
                        3);
        assertThat(sunday.atLeast(at("2026-10-25T09:00:00"), Duration.ZERO)).isEqualTo(3);
        assertThat(sunday.atLeast(at("2026-10-25T08:59:59"), Duration.ZERO)).isZero();
    }

    @Test
    void a_schedule_of_no_time_at_all_is_refused() {
        assertThatThrownBy(
                        () -> new Schedule("x", WORKING, LocalTime.NOON, LocalTime.NOON, BERLIN, 1))
                .hasMessageContaining("schedules[].x");
    }

    private static long at(String local) {
        return LocalDateTime.parse(local).atZone(BERLIN).toInstant().toEpochMilli();
    }
}
