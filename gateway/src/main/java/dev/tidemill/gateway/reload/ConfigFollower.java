package dev.tidemill.gateway.reload;

import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.config.GatewayConfig;
import dev.tidemill.http.PeriodicLook;
import java.time.Duration;
import java.util.function.Consumer;

/// Asks a source again and again. Looking at a file's content finds every change, also those by
/// which Kubernetes replaces a mounted one, which notifications of the file system miss.
public final class ConfigFollower implements AutoCloseable {
    private final ConfigSource source;
    private final Consumer<GatewayConfig> taker;
    private final ConfigStatus status;
    private final PeriodicLook looks;

    /// @param taker gets every new configuration; it refuses by itself what it does not like
    public ConfigFollower(
            ConfigSource source,
            Consumer<GatewayConfig> taker,
            ConfigStatus status,
            Duration period) {
        this.source = source;
        this.taker = taker;
        this.status = status;
        this.looks = new PeriodicLook("config-follower", period.toNanos(), this::look);
    }

    public void start() {
        looks.start();
    }

    @Override
    public void close() {
        looks.close();
    }

    private void look() {
        try {
            source.changed().ifPresent(taker);
        } catch (TidemillException e) {
            status.refused(String.valueOf(e.getMessage()));
        }
    }
}
