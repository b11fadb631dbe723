package dev.tidemill.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import org.junit.jupiter.api.Test;

final class InFlightLimitTest {
    private final InFlightLimit limit = new InFlightLimit("m", 2);

    @Test
    void one_more_than_the_limit_is_refused_until_one_leaves() {
        limit.enter();
        limit.enter();
        assertThatThrownBy(limit::enter)
                .isInstanceOfSatisfying(
                        TidemillException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED))
                .hasMessage("model m: '2 requests in flight' (expected: at most as many)");

        limit.leave();
        limit.enter();
    }
}
