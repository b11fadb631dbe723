package dev.tidemill.scaling.hpa;

import java.util.ArrayList;
import java.util.List;

/// The raw recommendations of the past, and what their windows make of a new one. One record is
/// overwritten when it is too old to matter, so the list stays about as long as a window has
/// passes.
final class Stabilization {
    /// What was called for before windows and limits.
    record Recommendation(int replicas, long at) {}

    private final List<Recommendation> recommendations;

    Stabilization(List<Recommendation> recommendations) {
        this.recommendations = new ArrayList<>(recommendations);
    }

    List<Recommendation> recommendations() {
        return List.copyOf(recommendations);
    }

    /// Without behaviour only shrinking is smoothed: the highest of the window, its edge included.
    int highest(int wanted, long windowMillis, long now) {
        long cutoff = now - windowMillis;
        int highest = wanted;
        int old = -1;
        for (int i = 0; i < recommendations.size(); i++) {
            Recommendation past = recommendations.get(i);
            if (past.at() < cutoff) {
                old = i;
            } else {
                highest = Math.max(highest, past.replicas());
            }
        }
        record(new Recommendation(wanted, now), old);
        return highest;
    }

    /// With behaviour the *current* count is held between the lowest of the growing window and the
    /// highest of the shrinking window, their edges not included.
    int held(int current, int wanted, long upMillis, long downMillis, long now) {
        long upCutoff = now - upMillis;
        long downCutoff = now - downMillis;
        int low = wanted;
        int high = wanted;
        int old = -1;
        for (int i = 0; i < recommendations.size(); i++) {
            Recommendation past = recommendations.get(i);
            if (past.at() > upCutoff) {
                low = Math.min(low, past.replicas());
            }
            if (past.at() > downCutoff) {
                high = Math.max(high, past.replicas());
            }
            if (past.at() < upCutoff && past.at() < downCutoff) {
                old = i;
            }
        }
        record(new Recommendation(wanted, now), old);
        int held = Math.max(current, low);
        return Math.min(held, high);
    }

    private void record(Recommendation recommendation, int overwrite) {
        if (overwrite >= 0) {
            recommendations.set(overwrite, recommendation);
        } else {
            recommendations.add(recommendation);
        }
    }
}
