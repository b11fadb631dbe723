package dev.tidemill.server.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.server.modelconfig.QueuePolicy.TimeoutAction;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WaitingTest {
    private static final long NEVER = Long.MAX_VALUE;

    @Test
    void time_changes_nothing_for_a_request_without_limits() {
        assertThat(waiting(NEVER, NEVER).nextLook(100, 0)).isEqualTo(NEVER);
    }

    @Test
    void it_looks_again_at_the_nearest_moment_to_come() {
        Waiting request = waiting(150, 170);

        assertThat(request.nextLook(100, 20)).isEqualTo(120);
        assertThat(request.nextLook(120, 20)).isEqualTo(150);
        assertThat(request.nextLook(150, 20)).isEqualTo(170);
        assertThat(request.nextLook(170, 20)).isEqualTo(NEVER);
    }

    @Test
    void it_is_late_when_a_run_would_end_behind_its_deadline() {
        assertThat(waiting(NEVER, 170).isLate(100, 70)).isFalse();
        assertThat(waiting(NEVER, 170).isLate(100, 71)).isTrue();
        assertThat(waiting(NEVER, NEVER).isLate(100, NEVER)).isFalse();
    }

    @Test
    void it_is_refused_for_the_time_that_is_over() {
        Waiting waited = waiting(150, 170);
        waited.refuse(150);
        assertThatThrownBy(waited::result).hasMessageStartingWith("queue: Request timeout expired");

        Waiting late = waiting(150, 170);
        late.refuse(149);
        assertThatThrownBy(late::result).hasMessageStartingWith("deadline: 'too near'");
    }

    private static Waiting waiting(long expires, long deadline) {
        return new Waiting(List.of(), 1, "shape", 0, 100, expires, deadline, TimeoutAction.REJECT);
    }
}
