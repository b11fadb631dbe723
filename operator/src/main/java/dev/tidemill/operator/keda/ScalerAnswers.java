package dev.tidemill.operator.keda;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.operator.scale.PoolReading;
import dev.tidemill.operator.scale.Readings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/// What a scaler answers with. What is not known now is an error: KEDA then does as its `fallback`
/// says, and puts nothing to zero.
final class ScalerAnswers {
    private static final Duration FRESH = Duration.ofSeconds(5);

    private final Readings readings;
    private final InstantSource clock;

    ScalerAnswers(Readings readings, InstantSource clock) {
        this.readings = readings;
        this.clock = clock;
    }

    /// @throws TidemillException `NOT_FOUND` for a model that is not measured here, `UNAVAILABLE`
    ///   for a metric of which nothing is known now
    double value(Trigger trigger) {
        PoolReading pool = pool(trigger);
        if (!pool.names().contains(trigger.metric())) {
            throw new TidemillException(
                    ErrorCode.NOT_FOUND,
                    "metric: '%s' (expected: one of %s)"
                            .formatted(trigger.metric(), String.join(", ", pool.names())));
        }
        return known(pool, trigger)
                .orElseThrow(() ->
                        new TidemillException(
                                ErrorCode.UNAVAILABLE,
                                "metric: '%s' (expected: one that can be read now of model %s)"
                                        .formatted(trigger.metric(), trigger.model())));
    }

    boolean isActive(Trigger trigger) {
        return value(trigger) > trigger.activation();
    }

    /// The same for one that waits to be told.
    ///
    /// @return empty while it is not known
    Optional<Boolean> active(Trigger trigger) {
        return find(trigger)
                .flatMap(pool -> known(pool, trigger))
                .map(value -> value > trigger.activation());
    }

    private Optional<Double> known(PoolReading pool, Trigger trigger) {
        return pool.at().isBefore(clock.instant().minus(FRESH))
                ? Optional.empty()
                : pool.value(trigger.metric()).map(PoolReading.Value::number);
    }

    private PoolReading pool(Trigger trigger) {
        return find(trigger)
                .orElseThrow(() ->
                        new TidemillException(
                                ErrorCode.NOT_FOUND,
                                "model: '%s/%s' (expected: a model of an Environment with scaling: keda)"
                                        .formatted(trigger.namespace(), trigger.model())));
    }

    private Optional<PoolReading> find(Trigger trigger) {
        return readings.of(trigger.namespace()).stream()
                .filter(pool ->
                        pool.pool().models().stream()
                                .anyMatch(model -> model.name().equals(trigger.model())))
                .findFirst();
    }
}
