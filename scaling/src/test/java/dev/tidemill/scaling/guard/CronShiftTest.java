package dev.tidemill.scaling.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.ZoneId;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CronShiftTest {
    private static final ZoneId UTC = ZoneId.of("UTC");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 8 * * MON-FRI | PT-10M | 50 7 * * 1,2,3,4,5",
                "0 8 * * * | PT9H | 0 17 * * *",
                "30 20 * * SUN | PT10H | 30 6 * * 1",
                "5 0 * * MON | PT-10M | 55 23 * * 0",
                "0 */6 * * * | PT1H | 0 1,7,13,19 * * *",
                "*/30 * * * * | PT30M | 0,30 * * * *",
                "0,30 8 * * * | PT15M | 15,45 8 * * *"
            })
    void the_same_times_earlier_or_later(String cron, Duration by, String expected) {
        assertThat(CronShift.of(Cron.parse(cron), by)).contains(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 8 1 * * | PT1H",
                "0 8 * 12 * | PT1H",
                "0 0,12 * * MON | PT-1H",
                "5,50 8 * * * | PT15M"
            })
    void where_one_text_cannot_say_it_there_is_none(String cron, Duration by) {
        assertThat(CronShift.of(Cron.parse(cron), by)).isEmpty();
    }

    @Test
    void what_is_shifted_comes_exactly_so_much_later_each_time() {
        long seed = 20_260_102L;
        SplittableRandom random = new SplittableRandom(seed);
        int told = 0;
        for (int i = 0; i < 300; i++) {
            String text =
                    "%d %d * * %d"
                            .formatted(random.nextInt(60), random.nextInt(24), random.nextInt(7));
            Duration by = Duration.ofMinutes(random.nextInt(-20_000, 20_000));
            Cron cron = Cron.parse(text);
            Cron shifted = Cron.parse(CronShift.of(cron, by).orElseThrow());
            long from = random.nextLong(1L << 40, 1L << 41);
            assertThat(shifted.next(from + by.toMillis(), UTC))
                    .as("seed %d: %s by %s", seed, text, by)
                    .isEqualTo(cron.next(from, UTC) + by.toMillis());
            told++;
        }
        assertThat(told).isEqualTo(300);
    }
}
