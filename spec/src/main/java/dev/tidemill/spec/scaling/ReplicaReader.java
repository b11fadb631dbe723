package dev.tidemill.spec.scaling;

import dev.tidemill.scaling.guard.GuardedPolicy.Safety;
import dev.tidemill.scaling.objective.Objective;
import dev.tidemill.scaling.objective.Replica;
import dev.tidemill.scaling.objective.TokenCost;
import dev.tidemill.scaling.objective.Tuning;
import dev.tidemill.spec.yaml.MappingCursor;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/// Reads `replica` and `objective`.
final class ReplicaReader {
    private static final Instant SOME_DAY = Instant.parse("2026-01-15T00:00:00Z");

    /// What is rehearsed of a file that promises nothing.
    private static final Duration DEFAULT_LATENCY = Duration.ofSeconds(2);

    private ReplicaReader() {}

    static Replica read(MappingCursor replica) {
        return new Replica(
                replica.get(ObjectiveKeys.SLOTS),
                replica.get(ObjectiveKeys.SLOT_TIME),
                replica.get(ObjectiveKeys.START_UP),
                replica.has(ObjectiveKeys.TOKENS)
                        ? tokens(replica.child(ObjectiveKeys.TOKENS))
                        : null);
    }

    private static TokenCost tokens(MappingCursor tokens) {
        return new TokenCost(
                tokens.get(ObjectiveKeys.PROMPT),
                tokens.get(ObjectiveKeys.FIXED),
                tokens.get(ObjectiveKeys.PER_SEQUENCE),
                tokens.get(ObjectiveKeys.PER_KV),
                tokens.get(ObjectiveKeys.STEP_LIMIT).toNanos() / 1e9,
                tokens.get(ObjectiveKeys.KV_TOKENS),
                tokens.get(ObjectiveKeys.MAX_BATCH));
    }

    static Objective objective(MappingCursor objective) {
        return new Objective(
                objective.find(ObjectiveKeys.LATENCY).orElse(DEFAULT_LATENCY),
                objective.get(ObjectiveKeys.LATE),
                objective.get(ObjectiveKeys.COUNTS));
    }

    static Tuning tuning(MappingCursor objective, Duration idle, Safety safety) {
        ZoneId zone = objective.get(ObjectiveKeys.ZONE);
        return new Tuning(
                objective.get(ObjectiveKeys.MARGIN),
                objective.get(ObjectiveKeys.LEARNS),
                objective.get(ObjectiveKeys.HOLD),
                objective.get(ObjectiveKeys.VARIABILITY),
                idle,
                safety.hold(),
                safety.replicas(),
                zone.getRules().getStandardOffset(SOME_DAY));
    }
}
