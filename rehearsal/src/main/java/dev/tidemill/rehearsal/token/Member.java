package dev.tidemill.rehearsal.token;

import org.jspecify.annotations.Nullable;

/// One replica's life.
final class Member {
    /// Where it is in it.
    enum State {
        STARTING,
        READY,
        DRAINING,
        GONE
    }

    final int number;
    final double orderedAt;
    final int node;
    State state = State.STARTING;
    double readyAt;
    double goneBy = Double.POSITIVE_INFINITY;
    boolean outdated;
    boolean surge;
    @Nullable Engine engine;

    Member(int number, double orderedAt, double readyAt, int node) {
        this.number = number;
        this.orderedAt = orderedAt;
        this.readyAt = readyAt;
        this.node = node;
    }

    /// Of its requests, those that no replica ever began to work on.
    int fresh() {
        return engine == null ? 0 : engine.fresh();
    }

    int outstanding() {
        return engine == null ? 0 : engine.outstanding();
    }
}
