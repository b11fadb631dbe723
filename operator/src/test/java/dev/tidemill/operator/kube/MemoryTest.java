package dev.tidemill.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.operator.plan.Declared;
import dev.tidemill.operator.plan.Owner;
import dev.tidemill.operator.plan.Planner;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class MemoryTest {
    private static final long SECOND = 1_000_000_000L;

    private final Planner planner = new Planner((_, _, _, _) -> "{}", "0.1.0");
    private long nanos;
    private final Memory memory = new Memory(() -> nanos);

    @Test
    void what_is_declared_is_young_for_a_second_after_it_was_something_else() {
        declare("digits");
        assertThat(memory.isYoung()).isTrue();

        nanos += SECOND;
        assertThat(memory.isYoung()).isFalse();

        declare("digits", "intents");
        nanos += SECOND - 1;
        assertThat(memory.isYoung()).isTrue();
    }

    private void declare(String... models) {
        List<Declared> declared =
                List.of(models).stream()
                        .map(name ->
                                new Declared(
                                        new Owner("Model", name),
                                        name,
                                        1,
                                        Map.of("source", "digits")))
                        .toList();
        assertThat(memory.plan(declared)).isEmpty();
        memory.plan(declared, planner.plan("ai", declared));
    }
}
