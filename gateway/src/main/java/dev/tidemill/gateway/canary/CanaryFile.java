package dev.tidemill.gateway.canary;

import dev.tidemill.http.Json;
import dev.tidemill.routing.canary.CanaryState;
import dev.tidemill.routing.canary.Evidence;
import dev.tidemill.routing.canary.Latencies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Where it is written down how far rollouts have come, so that a gateway that begins again goes on
/// from there. What was counted within a step is not: its evidence is gathered anew.
public final class CanaryFile {
    private static final System.Logger LOGGER = System.getLogger(CanaryFile.class.getName());
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Path file;
    private boolean failed;

    public CanaryFile(Path file) {
        this.file = file;
    }

    /// How far they were, by what makes them the same ones. A file that cannot be understood is
    /// told in the log, and worth nothing.
    Map<String, Kept> read() {
        Map<String, Kept> found = new HashMap<>();
        try {
            if (Files.exists(file)) {
                for (Kept kept : Json.read(Files.readAllBytes(file), Content.class).canaries()) {
                    kept.state(0, 0);
                    found.put(kept.id(), kept);
                }
            }
        } catch (IOException | RuntimeException e) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "canaries begin anew, since %s cannot be read: %s"
                            .formatted(file, e.getMessage()));
            return Map.of();
        }
        return found;
    }

    /// Replaces what was there. When that fails it is told in the log, once in a row.
    void write(Map<String, CanaryState> states, long nowNanos, long nowMillis) {
        List<Kept> all = new ArrayList<>();
        states.forEach((id, state) -> all.add(Kept.of(id, state, nowNanos, nowMillis)));
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            if (all.isEmpty() && !Files.exists(file)) {
                return;
            }
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.write(fresh, Json.bytes(new Content(all)));
            Files.move(
                    fresh,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            failed = false;
        } catch (IOException e) {
            if (!failed) {
                failed = true;
                LOGGER.log(
                        System.Logger.Level.WARNING,
                        "canaries are not kept over restarts, since %s cannot be written: %s"
                                .formatted(file, e.getMessage()));
            }
        }
    }

    record Content(List<Kept> canaries) {}

    /// A rollout as it is written down.
    ///
    /// @param id what makes it the same one
    /// @param sinceMillis when its step began, since 1970
    /// @param looks how often its evidence was looked at, which its chance to be wrong is spent on
    /// @param requests of the stable version in the step before, as are failures and latency
    record Kept(
            String id,
            String phase,
            int step,
            long sinceMillis,
            int looks,
            long requests,
            long failures,
            List<Long> latency) {
        Kept {
            latency = List.copyOf(latency);
        }

        static Kept of(String id, CanaryState state, long nowNanos, long nowMillis) {
            Evidence stable = state.stableBefore();
            return new Kept(
                    id,
                    state.phase().name(),
                    state.step(),
                    nowMillis - (nowNanos - state.sinceNanos()) / NANOS_PER_MILLI,
                    state.looks(),
                    stable.requests(),
                    stable.failures(),
                    Arrays.stream(stable.latency().counts()).boxed().toList());
        }

        /// @throws IllegalArgumentException when there is no such state
        CanaryState state(long nowNanos, long nowMillis) {
            long passed = Math.max(0, nowMillis - sinceMillis);
            if (step < 0 || looks < 0) {
                throw new IllegalArgumentException("step: '%d' (expected: from 0)".formatted(step));
            }
            return new CanaryState(
                    CanaryState.Phase.valueOf(phase),
                    step,
                    nowNanos - passed * NANOS_PER_MILLI,
                    looks,
                    0,
                    new Evidence(
                            requests,
                            failures,
                            Latencies.of(latency.stream().mapToLong(Long::longValue).toArray())));
        }
    }
}
