package dev.tidemill.server.batching;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class QueueTermsTest {
    @Test
    void no_wait_is_so_long_that_it_ends_before_it_begins() {
        Duration longest = Duration.ofNanos(Long.MAX_VALUE);
        QueueTerms terms = new QueueTerms(0, longest, Long.MAX_VALUE);

        assertThat(terms.timeout()).isEqualTo(QueueTerms.LONGEST);
        assertThat(1L << 62).isLessThan((1L << 62) + terms.timeout().toNanos());
        assertThat(new QueueTerms(0, Duration.ofSeconds(1), 0).timeout())
                .isEqualTo(Duration.ofSeconds(1));
    }
}
