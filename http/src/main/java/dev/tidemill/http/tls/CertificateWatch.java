package dev.tidemill.http.tls;

import dev.tidemill.common.TidemillException;
import dev.tidemill.http.PeriodicLook;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/// Looks at a certificate's files all the time and says what it finds: a new certificate, files
/// that are none, and that the one in use has expired. Several files cannot be replaced at one
/// moment, so what is broken is told when it is so twice. Life: [#start()], [#close()].
public final class CertificateWatch implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(CertificateWatch.class.getName());
    private static final long LOOK_NANOS = 500_000_000;

    /// Five minutes.
    private static final int LOOKS_BETWEEN_WARNINGS = 600;

    private final String what;
    private final Looked looked;
    private final InstantSource clock;
    private final PeriodicLook looking = new PeriodicLook("certificate", LOOK_NANOS, this::look);
    private volatile String problem = "";
    private volatile boolean broken;
    private final LongAdder replaced = new LongAdder();
    private int looksExpired;

    /// What is looked at.
    public interface Looked {
        /// @return empty when nothing is new; otherwise when the new certificate, which is in use
        ///   now, expires
        /// @throws TidemillException when what is there is broken; every time, until it is mended
        Optional<Instant> look();

        /// When the one in use expires.
        Instant expires();
    }

    /// @param what it is, for people
    /// @param clock the time of day
    public CertificateWatch(String what, Looked looked, InstantSource clock) {
        this.what = what;
        this.looked = looked;
        this.clock = clock;
    }

    public void start() {
        warnIfExpired();
        looking.start();
    }

    /// Whether the files hold nothing that could be taken.
    public boolean isBroken() {
        return broken;
    }

    /// How often there was a new one.
    public long replaced() {
        return replaced.sum();
    }

    /// One look. Called by one thread.
    void look() {
        try {
            Optional<Instant> found = looked.look();
            if (found.isPresent()) {
                replaced.increment();
                looksExpired = 0;
                LOGGER.log(
                        System.Logger.Level.INFO,
                        what + " is a new one, which expires at " + found.get());
            }
            problem = "";
            broken = false;
        } catch (TidemillException e) {
            String now = String.valueOf(e.getMessage());
            if (now.equals(problem) && !broken) {
                broken = true;
                LOGGER.log(
                        System.Logger.Level.WARNING,
                        what + " is not taken, the one before stays: " + now);
            }
            problem = now;
        }
        warnIfExpired();
    }

    private void warnIfExpired() {
        Instant expires = looked.expires();
        if (clock.instant().isAfter(expires) && looksExpired++ % LOOKS_BETWEEN_WARNINGS == 0) {
            LOGGER.log(
                    System.Logger.Level.ERROR,
                    "%s expired at %s: nobody who looks at it connects until its files hold another"
                            .formatted(what, expires));
        }
    }

    @Override
    public void close() {
        looking.close();
    }
}
