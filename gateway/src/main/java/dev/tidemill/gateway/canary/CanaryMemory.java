package dev.tidemill.gateway.canary;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidemill.gateway.canary.CanaryKeeping.Kept;
import dev.tidemill.routing.canary.CanaryState;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// What a [CanaryKeeping] remembers of rollouts, asked until it answers, or for a minute. What
/// fails is told in the log and costs no rollout. Thread-safe; its methods may wait for the place.
final class CanaryMemory {
    private static final System.Logger LOGGER = System.getLogger(CanaryMemory.class.getName());
    private static final long PATIENCE_NANOS = 60_000_000_000L;
    private static final long PAUSE_NANOS = 5_000_000_000L;

    private final @Nullable CanaryKeeping keeping;
    private final LongSupplier nanos;
    private final InstantSource clock;
    private final long begun;

    @GuardedBy("this")
    private final Map<String, Kept> before = new HashMap<>();

    @GuardedBy("this")
    private boolean settled;

    @GuardedBy("this")
    private Map<String, Saved> saved = Map.of();

    @GuardedBy("this")
    private boolean failed;

    @GuardedBy("this")
    private long notBefore;

    @GuardedBy("this")
    private long newsNotBefore;

    /// What was written; reasons grow with the evidence, which is no reason to write.
    private record Saved(CanaryState state, boolean byHand) {}

    /// @param keeping null: nothing is remembered
    /// @param nanos monotonic clock
    /// @param clock the time of day
    CanaryMemory(@Nullable CanaryKeeping keeping, LongSupplier nanos, InstantSource clock) {
        this.keeping = keeping;
        this.nanos = nanos;
        this.clock = clock;
        this.begun = nanos.getAsLong();
        this.notBefore = begun;
        this.newsNotBefore = begun;
        this.settled = keeping == null;
    }

    /// Whether it is known what was remembered, or that it will not be.
    synchronized boolean isSettled() {
        return settled;
    }

    /// Asks the place, unless it was asked.
    ///
    /// @return whether it is settled now
    synchronized boolean ask() {
        if (settled || keeping == null) {
            return true;
        }
        try {
            long now = nanos.getAsLong();
            for (Kept kept : keeping.read()) {
                var _ = kept.state(now, 0);
                before.put(kept.id(), kept);
            }
            settled = true;
        } catch (IOException e) {
            if (nanos.getAsLong() - begun >= PATIENCE_NANOS) {
                giveUp(keeping, e);
            }
        } catch (RuntimeException e) {
            giveUp(keeping, e);
        }
        return settled;
    }

    @GuardedBy("this")
    private void giveUp(CanaryKeeping place, Exception why) {
        before.clear();
        settled = true;
        LOGGER.log(
                System.Logger.Level.WARNING,
                "canaries begin anew, since %s cannot be read: %s"
                        .formatted(place.where(), why.getMessage()));
    }

    /// How far a rollout was; null when nothing is known of it. Told once.
    synchronized @Nullable Standing take(String id) {
        Kept kept = before.remove(id);
        return kept == null ? null : kept.standing(nanos.getAsLong(), clock.millis());
    }

    /// What stands in a place that others write to as well, by rollout; empty where there is none
    /// such, and where it cannot be read now.
    synchronized Map<String, Standing> news() {
        long now = nanos.getAsLong();
        if (keeping == null || !keeping.isShared() || !settled || now - newsNotBefore < 0) {
            return Map.of();
        }
        Map<String, Standing> news = new HashMap<>();
        try {
            for (Kept kept : keeping.read()) {
                news.put(kept.id(), kept.standing(now, clock.millis()));
            }
        } catch (IOException | RuntimeException e) {
            // Each goes by its own traffic until it can be read again.
            newsNotBefore = now + PAUSE_NANOS;
            LOGGER.log(System.Logger.Level.DEBUG, keeping.where(), e);
        }
        return news;
    }

    /// Writes down how far all are, where that has changed.
    synchronized void keep(Map<String, Standing> standings) {
        long now = nanos.getAsLong();
        Map<String, Saved> states = new HashMap<>();
        standings.forEach((id, one) -> states.put(id, new Saved(one.state(), one.byHand())));
        if (keeping == null || !settled || states.equals(saved) || now - notBefore < 0) {
            return;
        }
        List<Kept> all = new ArrayList<>();
        standings.forEach((id, one) -> all.add(Kept.of(id, one, now, clock.millis())));
        try {
            keeping.write(all);
            saved = states;
            failed = false;
        } catch (IOException | RuntimeException e) {
            notBefore = now + PAUSE_NANOS;
            if (!failed) {
                failed = true;
                LOGGER.log(
                        System.Logger.Level.WARNING,
                        "canaries are not kept over restarts, since %s cannot be written: %s"
                                .formatted(keeping.where(), e.getMessage()));
            }
        }
    }
}
