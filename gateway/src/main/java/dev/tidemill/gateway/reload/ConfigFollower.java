package dev.tidemill.gateway.reload;

import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.config.GatewayConfig;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Asks a source again and again. Looking at a file's content finds every change, also those by
/// which Kubernetes replaces a mounted one, which notifications of the file system miss.
public final class ConfigFollower implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(ConfigFollower.class.getName());

    private final ConfigSource source;
    private final Consumer<GatewayConfig> taker;
    private final ConfigStatus status;
    private final Duration period;
    private final CountDownLatch closed = new CountDownLatch(1);

    /// @param taker gets every new configuration; it refuses by itself what it does not like
    public ConfigFollower(
            ConfigSource source,
            Consumer<GatewayConfig> taker,
            ConfigStatus status,
            Duration period) {
        this.source = source;
        this.taker = taker;
        this.status = status;
        this.period = period;
    }

    public void start() {
        Thread.ofVirtual().name("config-follower").start(this::run);
    }

    @Override
    public void close() {
        closed.countDown();
    }

    private void run() {
        try {
            while (!closed.await(period.toMillis(), TimeUnit.MILLISECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            source.changed().ifPresent(taker);
        } catch (TidemillException e) {
            status.refused(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            // A defect must not end the following.
            LOGGER.log(System.Logger.Level.ERROR, "following the configuration", e);
        }
    }
}
