package dev.tidemill.rehearsal;

import java.util.Arrays;

/// Replicas that take their time to start and stop at once, the newest first.
final class Fleet {
    private final long startMillis;
    private long[] readyAt = new long[64];
    private int ordered;

    Fleet(long startMillis, int replicas) {
        this.startMillis = startMillis;
        grow(replicas);
        ordered = replicas;
        Arrays.fill(readyAt, 0, replicas, Long.MIN_VALUE);
    }

    void order(int replicas, long now) {
        grow(replicas);
        for (int i = ordered; i < replicas; i++) {
            readyAt[i] = now + startMillis;
        }
        ordered = replicas;
    }

    int ordered() {
        return ordered;
    }

    int ready(long now) {
        int ready = ordered;
        while (ready > 0 && readyAt[ready - 1] > now) {
            ready--;
        }
        return ready;
    }

    private void grow(int replicas) {
        if (replicas > readyAt.length) {
            readyAt = Arrays.copyOf(readyAt, Math.max(replicas, readyAt.length * 2));
        }
    }
}
