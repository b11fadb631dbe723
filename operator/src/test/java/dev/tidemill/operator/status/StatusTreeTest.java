package dev.tidemill.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class StatusTreeTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    private static final Condition WELL = Condition.no(Condition.DEGRADED, "AsWanted", "fine");
    private static final Condition ILL = Condition.yes(Condition.DEGRADED, "NodeFull", "full");

    @Test
    void a_conditions_time_is_that_of_its_last_change() {
        Map<String, Object> first = status(WELL, Map.of(), T0);
        Map<String, Object> same = status(WELL, first, T0.plusSeconds(60));
        Map<String, Object> other = status(ILL, same, T0.plusSeconds(90));

        assertThat(same).isEqualTo(first);
        assertThat(other.toString()).contains("2026-01-01T00:01:30Z");
    }

    @Test
    void that_something_went_wrong_is_news_once() {
        Map<String, Object> well = status(WELL, Map.of(), T0);
        Map<String, Object> ill = status(ILL, well, T0);

        assertThat(StatusTree.news(Map.of(), well)).isEmpty();
        assertThat(StatusTree.news(well, ill))
                .contains(new StatusTree.News("Warning", "NodeFull", "full"));
        assertThat(StatusTree.news(ill, ill)).isEmpty();
        assertThat(StatusTree.news(ill, well))
                .contains(new StatusTree.News("Normal", "Recovered", "no more: full"));
    }

    private static Map<String, Object> status(
            Condition condition, Map<String, Object> last, Instant now) {
        return StatusTree.of(
                3,
                List.of(condition),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                List.of(),
                last,
                now);
    }
}
