package dev.tidemill.gateway.canary;

import dev.tidemill.routing.canary.CanaryState;
import dev.tidemill.routing.canary.Evidence;
import dev.tidemill.routing.canary.Latencies;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Where it is written down how far rollouts have come, so that a gateway that begins again goes on
/// from there. What was counted within a step is not: its evidence is gathered anew.
public interface CanaryKeeping {
    /// Those that were written down last.
    ///
    /// @throws IOException when the place cannot be reached now
    /// @throws RuntimeException when what is there cannot be understood
    List<Kept> read() throws IOException;

    /// Takes the place of what was there of the same rollouts.
    void write(List<Kept> rollouts) throws IOException;

    /// The place, for logs.
    String where();

    /// Whether other gateways of the same name write there too: what one of them decides is then
    /// decided for all.
    default boolean isShared() {
        return false;
    }

    /// All of them.
    record Content(List<Kept> canaries) {
        public Content {
            canaries = List.copyOf(canaries);
        }
    }

    /// A rollout as it is written down.
    ///
    /// @param id what makes it the same one
    /// @param sinceMillis when its step began, since 1970
    /// @param looks how often its evidence was looked at, which its chance to be wrong is spent on
    /// @param requests of the stable version in the step before, as are failures and latency
    /// @param byHand whether a person has decided it; empty where an older release wrote it
    /// @param reason why it is there; empty likewise
    record Kept(
            String id,
            String phase,
            int step,
            long sinceMillis,
            int looks,
            long requests,
            long failures,
            List<Long> latency,
            Optional<Boolean> byHand,
            Optional<String> reason) {
        private static final long NANOS_PER_MILLI = 1_000_000;

        public Kept {
            latency = List.copyOf(latency);
        }

        static Kept of(String id, Standing standing, long nowNanos, long nowMillis) {
            CanaryState state = standing.state();
            Evidence stable = state.stableBefore();
            return new Kept(
                    id,
                    state.phase().name(),
                    state.step(),
                    nowMillis - (nowNanos - state.sinceNanos()) / NANOS_PER_MILLI,
                    state.looks(),
                    stable.requests(),
                    stable.failures(),
                    Arrays.stream(stable.latency().counts()).boxed().toList(),
                    Optional.of(standing.byHand()),
                    Optional.of(standing.reason()));
        }

        /// @throws IllegalArgumentException when there is no such state
        Standing standing(long nowNanos, long nowMillis) {
            return new Standing(
                    state(nowNanos, nowMillis), byHand.orElse(false), reason.orElse(""));
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
