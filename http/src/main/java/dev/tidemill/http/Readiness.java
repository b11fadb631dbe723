package dev.tidemill.http;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Whether a process wants traffic, and if not, why not. It moves forward only: starting, ready,
/// draining.
public final class Readiness {
    private final Supplier<Optional<String>> obstacle;
    private final CountDownLatch begun = new CountDownLatch(1);
    private volatile State state = State.STARTING;

    /// Ready from [#started()] until the drain.
    public Readiness() {
        this(Optional::empty);
    }

    /// @param obstacle asked once started: why the process cannot take traffic now, empty when it
    ///   can
    public Readiness(Supplier<Optional<String>> obstacle) {
        this.obstacle = requireNonNull(obstacle, "obstacle");
    }

    public enum State {
        STARTING,
        READY,
        DRAINING
    }

    public synchronized void started() {
        if (state == State.STARTING) {
            state = State.READY;
        }
        begun.countDown();
    }

    /// Waits while the process starts, so long at most.
    void awaitStarted(Duration most) throws InterruptedException {
        var _ = begun.await(most.toNanos(), TimeUnit.NANOSECONDS);
    }

    public synchronized void draining() {
        state = State.DRAINING;
        begun.countDown();
    }

    public State state() {
        return state;
    }

    public boolean isReady() {
        return whyNot().isEmpty();
    }

    /// Why the process wants no traffic; empty when it is ready.
    public Optional<String> whyNot() {
        return switch (state) {
            case STARTING -> Optional.of("starting");
            case READY -> obstacle.get();
            case DRAINING -> Optional.of("draining");
        };
    }
}
