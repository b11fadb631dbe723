package dev.tidemill.scaling.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDateTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CronTest {
    private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");

    // 2026-11-21 is a Saturday.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 9 * * *        | 2026-11-21T08:59 | 2026-11-21T09:00",
                "0 9 * * *        | 2026-11-21T09:00 | 2026-11-22T09:00",
                "50 8 * * MON-FRI | 2026-11-21T00:00 | 2026-11-23T08:50",
                "50 8 * * 1-5     | 2026-11-21T00:00 | 2026-11-23T08:50",
                "*/15 * * * *     | 2026-11-21T10:16 | 2026-11-21T10:30",
                "5/20 10 * * *    | 2026-11-21T10:25 | 2026-11-21T10:45",
                "0 0 1 * *        | 2026-11-21T00:00 | 2026-12-01T00:00",
                "0 0 29 2 *       | 2026-11-21T00:00 | 2028-02-29T00:00",
                "0 0 1 * SUN      | 2026-11-21T00:00 | 2026-11-22T00:00",
                "0 0 * * 7        | 2026-11-21T00:00 | 2026-11-22T00:00",
                "0 8,13 * sep *   | 2026-11-21T00:00 | 2027-09-01T08:00",
            })
    void comes_next(String cron, LocalDateTime after, LocalDateTime next) {
        long at = after.atZone(SHANGHAI).toInstant().toEpochMilli();
        assertThat(Cron.parse(cron).next(at, SHANGHAI))
                .isEqualTo(next.atZone(SHANGHAI).toInstant().toEpochMilli());
    }

    @Test
    void an_hour_that_does_not_exist_comes_when_the_clock_has_moved() {
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        long before = LocalDateTime.of(2026, 3, 29, 0, 0).atZone(berlin).toInstant().toEpochMilli();
        assertThat(Cron.parse("30 2 * * *").next(before, berlin))
                .isEqualTo(
                        LocalDateTime.of(2026, 3, 29, 3, 30)
                                .atZone(berlin)
                                .toInstant()
                                .toEpochMilli());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "0 9 * *       | 4 fields",
                "60 9 * * *    | '60' in '60' is not from 0 to 59",
                "0 9 * * MOX   | 'MOX' is no field",
                "0 9-8 * * *   | '9-8' is no field",
                "0 9 0 * *     | '0' in '0' is not from 1 to 31",
                "0 9 30 2 *    | no such day ever comes",
                "0 9 * * 1,    | '1,' is no field",
                "*/0 * * * *   | '0' in '*/0' is not from 1 to 59",
            })
    void refuses_and_says_why(String cron, String why) {
        assertThatThrownBy(() -> Cron.parse(cron)).hasMessage(why);
    }
}
