package dev.tidemill.gateway.cache;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What has a meaning, by sketches that lie beside one another: ten thousand of them are looked
/// through in the time that a few of the vectors take. Used with its owner's lock.
///
/// @param <T> what is kept
final class Sketches<T> {
    private static final int FIRST = 64;

    private long[] sketches = new long[FIRST * Sketch.WORDS];
    private @Nullable Object[] kept = new Object[FIRST];

    /// Places that are free, of those before `end`.
    private final List<Integer> free = new ArrayList<>();

    private int end;

    /// @return its place
    int add(Sketch sketch, T thing) {
        int place = free.isEmpty() ? end++ : free.removeLast();
        if (place == kept.length) {
            kept = Arrays.copyOf(kept, 2 * place);
            sketches = Arrays.copyOf(sketches, 2 * place * Sketch.WORDS);
        }
        kept[place] = thing;
        sketch.keep(sketches, place * Sketch.WORDS);
        return place;
    }

    void remove(int place) {
        kept[place] = null;
        free.add(place);
    }

    /// Those that differ in at most so many bits.
    List<T> near(Sketch sketch, int mostApart) {
        List<T> near = new ArrayList<>();
        for (int i = 0; i < end; i++) {
            if (sketch.apart(sketches, i * Sketch.WORDS) <= mostApart && kept[i] != null) {
                @SuppressWarnings("unchecked") // Nothing else was added.
                T thing = (T) kept[i];
                near.add(thing);
            }
        }
        return near;
    }
}
