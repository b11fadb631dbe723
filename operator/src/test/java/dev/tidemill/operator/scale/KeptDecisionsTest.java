package dev.tidemill.operator.scale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.client.control.DecisionList;
import dev.tidemill.client.control.ScalingDecision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

final class KeptDecisionsTest implements DecisionShelf {
    private static final JsonMapper JSON = JsonMapper.shared();

    private Optional<String> shelf = Optional.empty();
    private boolean silent;
    private int puts;
    private long nanos;
    private final KeptDecisions kept = made();

    private KeptDecisions made() {
        return new KeptDecisions("ai", "digits", this, JSON, () -> nanos);
    }

    @Override
    public Optional<String> get(String namespace, String pool) {
        assertThat(namespace + "/" + pool).isEqualTo("ai/digits");
        if (silent) {
            throw new IllegalStateException("silent");
        }
        return shelf;
    }

    @Override
    public void put(String namespace, String pool, String decisions) {
        if (silent) {
            throw new IllegalStateException("silent");
        }
        puts++;
        shelf = Optional.of(decisions);
    }

    @Test
    void what_changes_something_is_written_after_seconds_and_the_rest_once_a_minute() {
        assertThat(kept.begin()).as("nothing").isFalse();
        kept.add(changes(1));
        pass(0);
        assertThat(kept()).containsExactly(1);
        kept.add(stays(2));
        pass(59);
        assertThat(kept()).containsExactly(1);
        kept.add(changes(3));
        pass(0);
        assertThat(kept()).containsExactly(1, 2, 3);
        kept.add(changes(4));
        pass(4);
        assertThat(puts).isEqualTo(2);
        pass(1);
        assertThat(kept()).containsExactly(1, 2, 3, 4);
    }

    @Test
    void one_write_at_a_time() {
        kept.add(changes(1));
        assertThat(kept.begin()).isTrue();
        nanos += 600_000_000_000L;
        kept.add(changes(2));
        assertThat(kept.begin()).isFalse();
        kept.write();
        assertThat(kept()).containsExactly(1, 2);
    }

    @Test
    void changes_outlive_what_changed_nothing_and_both_are_bounded() {
        for (int i = 0; i < 90; i++) {
            kept.add(i % 2 == 0 ? stays(i) : changes(i));
        }
        pass(0);
        assertThat(kept()).hasSize(KeptDecisions.ORDERS + KeptDecisions.OTHERS);
        assertThat(kept()).contains(11, 89, 88, 70).doesNotContain(9, 68);
        assertThat(kept()).isSorted();
    }

    @Test
    void an_operator_after_this_one_goes_on_with_what_it_finds() {
        kept.add(changes(1));
        pass(0);
        KeptDecisions next = made();
        next.add(changes(2));
        assertThat(next.begin()).isTrue();
        next.write();
        assertThat(kept()).containsExactly(1, 2);
        shelf = Optional.of("{\"of a later release\":true");
        KeptDecisions after = made();
        after.add(changes(3));
        assertThat(after.begin()).isTrue();
        after.write();
        assertThat(kept()).containsExactly(3);
    }

    @Test
    void while_the_api_server_is_silent_they_wait_and_the_oldest_are_dropped_and_counted() {
        silent = true;
        kept.add(changes(0));
        pass(0);
        for (int i = 1; i <= 130; i++) {
            kept.add(changes(i));
        }
        pass(5);
        assertThat(kept.dropped()).isEqualTo(31);
        assertThat(shelf).isEmpty();
        silent = false;
        pass(5);
        assertThat(kept()).hasSize(KeptDecisions.ORDERS).endsWith(130);
    }

    private void pass(int seconds) {
        nanos += seconds * 1_000_000_000L;
        if (kept.begin()) {
            kept.write();
        }
    }

    private List<Integer> kept() {
        List<Integer> numbers = new ArrayList<>();
        JSON.readValue(shelf.orElseThrow(), DecisionList.class)
                .decisions()
                .forEach(each -> numbers.add((int) each.at().getEpochSecond()));
        return numbers;
    }

    private static ScalingDecision changes(int at) {
        return decision(at, 3);
    }

    private static ScalingDecision stays(int at) {
        return decision(at, 2);
    }

    private static ScalingDecision decision(int at, int replicas) {
        return new ScalingDecision(
                Instant.ofEpochSecond(at),
                "digits",
                "objective",
                "objective",
                2,
                2,
                replicas,
                List.of(),
                replicas,
                "because",
                Map.of("requests/s", 1.5),
                Map.of());
    }
}
