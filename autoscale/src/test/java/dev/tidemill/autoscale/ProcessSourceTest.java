package dev.tidemill.autoscale;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.autoscale.ProcessSource.Group;
import dev.tidemill.scaling.Signal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ProcessSourceTest {
    private long nanos = 1;

    @Test
    void this_process_uses_a_share_of_its_cores_and_memory() {
        ProcessSource source = source(ProcessHandle.current().pid(), Optional.of(1L << 40));
        assertThat(source.read().get("digits").values()).doesNotContainKey(Signal.CPU);
        long sum = 0;
        for (int i = 0; i < 50_000_000; i++) {
            sum += i ^ nanos;
        }
        nanos += 1_000_000_000 + sum % 2;
        Measures measures = requireNonNull(source.read().get("digits"));
        assertThat(measures.get(Signal.CPU)).isBetween(0.0, 64.0);
        if (Files.exists(Path.of("/proc/self/status"))) {
            assertThat(measures.get(Signal.MEMORY)).isBetween(1e-6, 0.5);
        }
    }

    @Test
    void memory_without_a_limit_has_no_share() {
        ProcessSource source = source(ProcessHandle.current().pid(), Optional.empty());
        assertThat(source.read().get("digits").values()).doesNotContainKey(Signal.MEMORY);
    }

    @Test
    void a_process_that_is_gone_is_left_out() {
        ProcessSource source = source(Integer.MAX_VALUE, Optional.of(1L << 30));
        source.read();
        nanos += 1_000_000_000;
        assertThat(source.read().get("digits").values()).isEmpty();
    }

    private ProcessSource source(long pid, Optional<Long> memory) {
        Group group = new Group(List.of(pid), 2, memory);
        return new ProcessSource(() -> Map.of("digits", group), () -> nanos);
    }
}
