package dev.tidemill.gateway.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class InFlightIntegralTest {
    @Test
    void the_area_is_the_sum_of_the_durations() {
        InFlightIntegral integral = new InFlightIntegral(100);
        integral.begin(100);
        integral.begin(150);
        integral.end(200);
        assertThat(integral.read(300)).isEqualTo(new InFlightIntegral.Reading(1, 50 + 100 + 100));
        integral.end(400);
        assertThat(integral.read(1000)).isEqualTo(new InFlightIntegral.Reading(0, 350));
    }

    @Test
    void a_clock_read_out_of_order_does_not_go_back() {
        InFlightIntegral integral = new InFlightIntegral(0);
        integral.begin(10);
        integral.begin(5);
        assertThat(integral.read(8)).isEqualTo(new InFlightIntegral.Reading(2, 0));
        assertThat(integral.read(11)).isEqualTo(new InFlightIntegral.Reading(2, 2));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void any_reading_is_exact(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        InFlightIntegral integral = new InFlightIntegral(Long.MAX_VALUE - 1000);
        List<Long> begun = new ArrayList<>();
        long now = Long.MAX_VALUE - 1000;
        long ended = 0;
        for (int step = 0; step < 1000; step++) {
            now += random.nextInt(10);
            if (begun.isEmpty() || random.nextBoolean()) {
                integral.begin(now);
                begun.add(now);
            } else {
                integral.end(now);
                ended += now - begun.remove(random.nextInt(begun.size()));
            }
            long area = ended;
            for (long began : begun) {
                area += now - began;
            }
            assertThat(integral.read(now))
                    .as("seed %d step %d", seed, step)
                    .isEqualTo(new InFlightIntegral.Reading(begun.size(), area));
        }
    }

    @Test
    void threads_lose_nothing() throws InterruptedException {
        InFlightIntegral integral = new InFlightIntegral(0);
        CountDownLatch done = new CountDownLatch(8);
        for (int t = 0; t < 8; t++) {
            Thread.ofVirtual()
                    .start(() -> {
                        for (int i = 0; i < 10_000; i++) {
                            integral.begin(0);
                            integral.end(0);
                        }
                        done.countDown();
                    });
        }
        done.await();
        assertThat(integral.read(5)).isEqualTo(new InFlightIntegral.Reading(0, 0));
    }
}
