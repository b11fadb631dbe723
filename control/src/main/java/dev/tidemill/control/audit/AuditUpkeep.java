package dev.tidemill.control.audit;

import dev.tidemill.http.PeriodicLook;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;

/// Keeps the audit log within its bounds.
public final class AuditUpkeep implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(AuditUpkeep.class.getName());
    private static final Duration PERIOD = Duration.ofMinutes(5);

    private final AuditStore store;
    private final InstantSource clock;
    private final Retention kept;
    private final PeriodicLook looks;

    public AuditUpkeep(AuditStore store, InstantSource clock, Retention kept) {
        this.store = store;
        this.clock = clock;
        this.kept = kept;
        this.looks = new PeriodicLook("audit-upkeep", PERIOD.toNanos(), this::look);
    }

    public void start() {
        looks.start();
    }

    @Override
    public void close() {
        looks.close();
    }

    /// Once, now.
    public void look() {
        try {
            int gone =
                    store.trim(
                            clock.instant().minusMillis(kept.maxAgeMillis()),
                            kept.maxRecords(),
                            kept.maxBytes());
            if (gone > 0) {
                LOGGER.log(Level.INFO, "%d old records of the audit log deleted".formatted(gone));
            }
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, "old records of the audit log cannot be deleted", e);
        }
    }
}
