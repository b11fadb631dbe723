package dev.tidemill.gateway.forward;

import java.util.concurrent.Semaphore;

/// Bounds how many requests wait for a replica: each holds its body, up to the largest that is
/// accepted.
final class WaitingRoom {
    /// Requests that may wait at once.
    static final int CAPACITY = 1024;

    private final Semaphore places;

    WaitingRoom(int capacity) {
        this.places = new Semaphore(capacity);
    }

    boolean enter() {
        return places.tryAcquire();
    }

    void leave() {
        places.release();
    }
}
