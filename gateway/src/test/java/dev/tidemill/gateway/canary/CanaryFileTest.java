package dev.tidemill.gateway.canary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.gateway.canary.CanaryKeeping.Kept;
import dev.tidemill.routing.canary.CanaryState;
import dev.tidemill.routing.canary.Evidence;
import dev.tidemill.routing.canary.Latencies;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CanaryFileTest {
    private static final long SECOND = 1_000_000_000;

    @TempDir private Path folder = Path.of("");

    @Test
    void a_step_goes_on_since_when_it_was_although_another_clock_counts_now() throws Exception {
        CanaryFile file = new CanaryFile(folder.resolve("canaries.json"));
        long[] counts = new long[Latencies.BUCKETS];
        counts[7] = 90;
        CanaryState state =
                new CanaryState(
                        CanaryState.Phase.STEPPING,
                        2,
                        100 * SECOND,
                        5,
                        340,
                        new Evidence(100, 3, Latencies.of(counts)));
        file.write(List.of(Kept.of("sha256:1", standing(state), 130 * SECOND, 1_000_000)));

        CanaryState later = kept(file).state(7 * SECOND, 1_060_000);
        assertThat(later.phase()).isEqualTo(CanaryState.Phase.STEPPING);
        assertThat(later.step()).isEqualTo(2);
        assertThat(7 * SECOND - later.sinceNanos()).isEqualTo(90 * SECOND);
        assertThat(later.looks()).isEqualTo(5);
        assertThat(later.lookedAt()).isZero();
        assertThat(later.stableBefore().requests()).isEqualTo(100);
        assertThat(later.stableBefore().failures()).isEqualTo(3);
        assertThat(later.stableBefore().latency().counts()).isEqualTo(counts);
    }

    @Test
    void a_clock_that_went_back_lets_a_step_begin_now() throws Exception {
        CanaryFile file = new CanaryFile(folder.resolve("canaries.json"));
        file.write(List.of(Kept.of("sha256:1", standing(CanaryState.begin(0)), 0, 1_000_000)));
        assertThat(kept(file).state(5 * SECOND, 10).sinceNanos()).isEqualTo(5 * SECOND);
    }

    @Test
    void why_it_is_there_is_kept_and_what_an_older_release_wrote_is_read() throws Exception {
        CanaryFile file = new CanaryFile(folder.resolve("canaries.json"));
        CanaryState state = CanaryState.begin(0);
        file.write(List.of(Kept.of("sha256:1", new Standing(state, true, "because"), 0, 0)));
        Standing kept = kept(file).standing(0, 0);
        assertThat(kept.byHand()).isTrue();
        assertThat(kept.reason()).isEqualTo("because");

        String text = Files.readString(folder.resolve("canaries.json"));
        Files.writeString(
                folder.resolve("canaries.json"),
                text.replaceAll("(?s),\\s*\"byHand\".*?\"because\"", ""));
        assertThat(kept(file).byHand()).isEmpty();
        assertThat(kept(file).standing(0, 0).reason()).isEmpty();
    }

    private static Standing standing(CanaryState state) {
        return new Standing(state, false, "because");
    }

    private static Kept kept(CanaryFile file) throws Exception {
        assertThat(file.read()).extracting(Kept::id).containsExactly("sha256:1");
        return file.read().getFirst();
    }
}
