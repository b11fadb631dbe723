package dev.tidemill.rehearsal.slot;

import java.util.Arrays;

/// The slots of every replica and when each is free again. A number belongs to one replica until it
/// has gone and finished what it had.
final class Queues {
    private final int slots;
    private double[] freeAt;
    private int[] inFlight = new int[64];
    private boolean[] gone = new boolean[64];
    private int[] unused = new int[64];
    private int unusedCount;
    private int numbers;

    Queues(int slots) {
        this.slots = slots;
        this.freeAt = new double[64 * slots];
    }

    /// @return its number
    int add() {
        if (unusedCount > 0) {
            int number = unused[--unusedCount];
            gone[number] = false;
            return number;
        }
        if (numbers == inFlight.length) {
            freeAt = Arrays.copyOf(freeAt, 2 * freeAt.length);
            inFlight = Arrays.copyOf(inFlight, 2 * numbers);
            gone = Arrays.copyOf(gone, 2 * numbers);
            unused = Arrays.copyOf(unused, 2 * numbers);
        }
        return numbers++;
    }

    void ready(int number, double now) {
        Arrays.fill(freeAt, number * slots, (number + 1) * slots, now);
    }

    /// From now on it finishes what it has.
    void leave(int number) {
        gone[number] = true;
        reuse(number);
    }

    boolean gone(int number) {
        return gone[number];
    }

    int inFlight(int number) {
        return inFlight[number];
    }

    /// Slots of it that work.
    int busy(int number) {
        return Math.min(inFlight[number], slots);
    }

    /// First come, first served: on the slot that is free first.
    ///
    /// @return when it begins
    double begin(int number, double now, double seconds) {
        int first = number * slots;
        double start = Math.max(now, freeAt[first]);
        inFlight[number]++;
        occupy(first, start + seconds);
        return start;
    }

    /// Puts a slot's next free moment where the earliest was, and the earliest on top again.
    private void occupy(int first, double until) {
        int at = 0;
        int child;
        while ((child = 2 * at + 1) < slots) {
            if (child + 1 < slots && freeAt[first + child + 1] < freeAt[first + child]) {
                child++;
            }
            if (freeAt[first + child] >= until) {
                break;
            }
            freeAt[first + at] = freeAt[first + child];
            at = child;
        }
        freeAt[first + at] = until;
    }

    void end(int number) {
        inFlight[number]--;
        reuse(number);
    }

    private void reuse(int number) {
        if (gone[number] && inFlight[number] == 0) {
            unused[unusedCount++] = number;
        }
    }
}
