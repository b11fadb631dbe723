package dev.tidemill.scaling.objective;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What one replica can do, as far as is known before anything was measured. Measured slot and
/// start-up times replace these as they come in.
///
/// @param slots requests that it works on at the same time
/// @param slotTime that one of them takes
/// @param startUp from the order to the first answer
/// @param tokens null for anything but a language model
public record Replica(int slots, Duration slotTime, Duration startUp, @Nullable TokenCost tokens) {
    public Replica {
        if (slots < 1) {
            throw new IllegalArgumentException("slots: '%d' (expected: >= 1)".formatted(slots));
        }
        if (slotTime.isNegative() || slotTime.isZero() || startUp.isNegative()) {
            throw new IllegalArgumentException(
                    "replica: 'slot time %s, start-up %s' (expected: above 0, not negative)"
                            .formatted(slotTime, startUp));
        }
    }

    public static Replica of(int slots, Duration slotTime, Duration startUp) {
        return new Replica(slots, slotTime, startUp, null);
    }
}
