package dev.tidemill.server.protocol;

import dev.tidemill.http.Bodies;

/// Asks another budget for many small amounts at once: a request has as many as it has tensors, and
/// each would cost a lock that all requests share. What is less than [#LUMP] at the end is never
/// asked for; the number of requests bounds it. Used by one thread at a time.
final class Lumps implements Bodies.Budget {
    static final int LUMP = 16 * 1024;

    private final Bodies.Budget whole;
    private long due;

    Lumps(Bodies.Budget whole) {
        this.whole = whole;
    }

    @Override
    public void take(long bytes) {
        due += bytes;
        if (due >= LUMP) {
            whole.take(due);
            due = 0;
        }
    }
}
