package dev.tidemill.gateway.reload;

import dev.tidemill.gateway.traffic.GatewayMetrics;
import dev.tidemill.http.Metrics;
import io.micrometer.core.instrument.Counter;
import java.util.Optional;

/// What became of the newest configuration. Thread-safe.
public final class ConfigStatus {
    private static final System.Logger LOGGER = System.getLogger(ConfigStatus.class.getName());

    private final Counter taken;
    private final Counter refused;
    private volatile boolean broken;

    public ConfigStatus(Metrics metrics) {
        this.taken = metrics.counter(GatewayMetrics.RELOADS, "taken");
        this.refused = metrics.counter(GatewayMetrics.RELOADS, "refused");
        metrics.gauge(GatewayMetrics.CONFIG_BROKEN, () -> broken ? 1 : 0);
    }

    public void taken() {
        taken.increment();
        if (broken) {
            LOGGER.log(System.Logger.Level.INFO, "configuration taken; it is well again");
        }
        broken = false;
    }

    /// @param why with every problem of it; for the log only, since it may name upstreams
    public void refused(String why) {
        refused.increment();
        broken = true;
        LOGGER.log(
                System.Logger.Level.ERROR, "configuration refused, the one before stays: " + why);
    }

    /// What everybody may know; empty when all is well.
    public Optional<String> problem() {
        return broken
                ? Optional.of(
                        "the newest configuration is refused and the one before is in use; the log"
                                + " says why")
                : Optional.empty();
    }
}
