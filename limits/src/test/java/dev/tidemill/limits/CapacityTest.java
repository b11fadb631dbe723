package dev.tidemill.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.ByteSize;
import dev.tidemill.common.ErrorCode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class CapacityTest {
    private static final Duration WAIT = Duration.ofSeconds(2);
    private static final Capacity CAPACITY = new Capacity(3, new ByteSize(100), WAIT);

    @Test
    void admits_up_to_both_limits() {
        assertThat(CAPACITY.decide(new Load(0, 0), 0)).isEqualTo(Admission.ADMITTED);
        assertThat(CAPACITY.decide(new Load(0, 0), 100)).isEqualTo(Admission.ADMITTED);
        assertThat(CAPACITY.decide(new Load(2, 60), 40)).isEqualTo(Admission.ADMITTED);
    }

    @Test
    void takes_a_third_of_a_heap() {
        assertThat(Capacity.shareOf(384L << 20)).isEqualTo(new ByteSize(128 << 20));
        assertThat(Capacity.shareOf(64L << 30)).isEqualTo(new ByteSize(Integer.MAX_VALUE));
        assertThat(Capacity.shareOf(1)).isEqualTo(new ByteSize(1));
    }

    @Test
    void sheds_when_the_requests_are_full() {
        assertThat(CAPACITY.decide(new Load(3, 0), 0))
                .isEqualTo(
                        new Admission.Shed(
                                ErrorCode.OVERLOADED, WAIT, "3 of 3 requests in flight"));
    }

    @Test
    void sheds_when_the_bytes_are_full() {
        assertThat(CAPACITY.decide(new Load(1, 60), 41))
                .isEqualTo(
                        new Admission.Shed(
                                ErrorCode.OVERLOADED,
                                WAIT,
                                "60 B of 100 B of request bodies in flight, 41 B more asked for"));
    }

    @Test
    void does_not_let_a_client_wait_for_what_can_never_fit() {
        Admission admission = CAPACITY.decide(new Load(0, 0), 101);

        assertThat(admission)
                .isEqualTo(
                        new Admission.Shed(
                                ErrorCode.TOO_LARGE,
                                Duration.ZERO,
                                "body: '101 B' (expected: at most 100 B)"));
    }

    @Test
    void does_not_overflow() {
        Capacity huge = new Capacity(Integer.MAX_VALUE, new ByteSize(Long.MAX_VALUE), WAIT);

        assertThat(huge.decide(new Load(1, Long.MAX_VALUE), 1)).isInstanceOf(Admission.Shed.class);
        assertThat(huge.decide(new Load(1, Long.MAX_VALUE), 0)).isEqualTo(Admission.ADMITTED);
        assertThat(huge.decide(new Load(0, 0), Long.MAX_VALUE)).isEqualTo(Admission.ADMITTED);
    }

    @Test
    void refuses_limits_that_admit_nothing() {
        assertThatThrownBy(() -> new Capacity(0, new ByteSize(1), WAIT))
                .hasMessage("maxRequests: '0' (expected: >= 1)");
        assertThatThrownBy(() -> new Capacity(1, new ByteSize(0), WAIT))
                .hasMessage("maxBytes: '0' (expected: >= 1)");
        assertThatThrownBy(() -> new Capacity(1, new ByteSize(1), Duration.ofMillis(999)))
                .hasMessage("retryAfter: 'PT0.999S' (expected: >= 1 s)");
    }

    @Test
    void never_exceeds_a_limit_and_never_sheds_what_fits() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            Capacity capacity =
                    new Capacity(1 + random.nextInt(5), new ByteSize(1 + random.nextInt(50)), WAIT);
            Deque<Long> inFlight = new ArrayDeque<>();
            for (int step = 0; step < 40; step++) {
                if (random.nextBoolean() && !inFlight.isEmpty()) {
                    inFlight.remove();
                } else {
                    ask(capacity, inFlight, random.nextInt(60), "seed " + seed);
                }
            }
        }
    }

    private static void ask(Capacity capacity, Deque<Long> inFlight, long bytes, String seed) {
        long held = inFlight.stream().mapToLong(Long::longValue).sum();
        boolean fits =
                inFlight.size() < capacity.maxRequests()
                        && held + bytes <= capacity.maxBytes().bytes();
        switch (capacity.decide(new Load(inFlight.size(), held), bytes)) {
            case Admission.Admitted _ -> {
                assertThat(fits).as(seed).isTrue();
                inFlight.add(bytes);
            }
            case Admission.Shed(ErrorCode code, Duration wait, String reason) -> {
                assertThat(fits).as(seed).isFalse();
                assertThat(reason).as(seed).isNotBlank();
                boolean never = bytes > capacity.maxBytes().bytes();
                assertThat(code == ErrorCode.TOO_LARGE).as(seed).isEqualTo(never);
                assertThat(wait.isZero()).as(seed).isEqualTo(never);
            }
        }
    }
}
