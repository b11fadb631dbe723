package dev.tidemill.scaling;

import java.util.ArrayDeque;

/// The highest count of the last while, its edge included. Amortised constant time.
public final class PastPeak {
    private record At(long at, int count) {}

    private final ArrayDeque<At> falling = new ArrayDeque<>();

    /// @return the highest of the window, this count included
    public int add(long now, int count, long windowMillis) {
        while (!falling.isEmpty() && falling.getLast().count <= count) {
            falling.removeLast();
        }
        falling.addLast(new At(now, count));
        while (falling.getFirst().at < now - windowMillis) {
            falling.removeFirst();
        }
        return falling.getFirst().count;
    }

    /// When the highest was seen.
    public long peakAt() {
        return falling.getFirst().at;
    }
}
