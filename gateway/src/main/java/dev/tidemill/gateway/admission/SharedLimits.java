package dev.tidemill.gateway.admission;

import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.traffic.GatewayMetrics;
import dev.tidemill.http.Metrics;
import dev.tidemill.http.PeriodicLook;
import dev.tidemill.limits.Amount;
import dev.tidemill.limits.QuotaDecision;
import dev.tidemill.limits.SharedMeters;
import io.micrometer.core.instrument.Counter;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The store of shared limits while it answers. When it has failed some times in a row nobody asks
/// it any more, so that no request waits for it in vain, but for one look now and then: when it
/// answers that, it is used again, and told what has ended meanwhile.
public final class SharedLimits implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(SharedLimits.class.getName());
    private static final int FAILURES = 3;
    private static final int MAX_UNSETTLED = 10_000;
    private static final long LOOK_NANOS = 250_000_000;

    private final SharedMeters meters;
    private final boolean failOpen;
    private final String prefix;
    private final Counter failures;
    private final Counter forgotten;
    private final AtomicLong ids = new AtomicLong();
    private final AtomicInteger inARow = new AtomicInteger();
    private final BlockingQueue<Ended> unsettled = new ArrayBlockingQueue<>(MAX_UNSETTLED);
    private final PeriodicLook looking = new PeriodicLook("shared-limits", LOOK_NANOS, this::look);
    private volatile boolean lost = true;

    /// @param prefix of this process's requests' names, which no other process has
    /// @param failOpen whether every gateway counts by itself while the store is lost; otherwise
    ///   what is limited is refused
    public SharedLimits(SharedMeters meters, boolean failOpen, String prefix, Metrics metrics) {
        this.meters = meters;
        this.failOpen = failOpen;
        this.prefix = prefix;
        this.failures = metrics.counter(GatewayMetrics.SHARED_LIMITS_FAILURES);
        this.forgotten = metrics.counter(GatewayMetrics.SHARED_LIMITS_FORGOTTEN);
        metrics.gauge(GatewayMetrics.SHARED_LIMITS_LOST, () -> lost ? 1 : 0);
    }

    /// Tries to find the store, and goes on trying in the background.
    public void start() {
        look();
        if (lost) {
            warn("not found yet");
        }
        looking.start();
    }

    boolean failsOpen() {
        return failOpen;
    }

    /// Whether nobody asks it now.
    boolean isLost() {
        return lost;
    }

    SharedMeters.Request request(
            List<SharedMeters.Claim> claims, Amount estimate, long leaseMillis) {
        return new SharedMeters.Request(
                prefix + ids.incrementAndGet(), claims, estimate, leaseMillis);
    }

    /// Null when it cannot be known.
    @Nullable List<QuotaDecision> reserve(SharedMeters.Request request) {
        if (lost) {
            return null;
        }
        try {
            List<QuotaDecision> decisions = meters.reserve(request);
            if (inARow.get() > 0) {
                inARow.set(0);
            }
            return decisions;
        } catch (TidemillException e) {
            failed(e);
            return null;
        }
    }

    void settle(SharedMeters.Request request, List<Long> days, Amount actual) {
        Ended ended = new Ended(request, days, actual);
        if (lost || !settled(ended)) {
            keep(ended);
        }
    }

    /// Once, when it is time to.
    void look() {
        if (lost) {
            try {
                meters.check();
            } catch (TidemillException e) {
                return;
            }
            inARow.set(0);
            lost = false;
            LOGGER.log(System.Logger.Level.INFO, "limits are shared with other gateways");
        }
        // Also those that one failure alone left behind.
        for (Ended ended = unsettled.poll(); ended != null; ended = unsettled.poll()) {
            if (!settled(ended)) {
                keep(ended);
                return;
            }
        }
    }

    private boolean settled(Ended ended) {
        try {
            meters.settle(ended.request(), ended.days(), ended.actual());
            return true;
        } catch (TidemillException e) {
            failed(e);
            return false;
        }
    }

    private void keep(Ended ended) {
        if (!unsettled.offer(ended)) {
            forgotten.increment();
        }
    }

    private void failed(TidemillException e) {
        failures.increment();
        if (inARow.incrementAndGet() >= FAILURES && !lost) {
            lost = true;
            warn(String.valueOf(e.getMessage()));
        }
    }

    private void warn(String why) {
        LOGGER.log(
                System.Logger.Level.WARNING,
                "the store of shared limits is lost, {0}: {1}",
                failOpen
                        ? "so this gateway counts by itself"
                        : "so requests that are limited are refused",
                why);
    }

    @Override
    public void close() {
        looking.close();
        meters.close();
    }

    private record Ended(SharedMeters.Request request, List<Long> days, Amount actual) {}
}
