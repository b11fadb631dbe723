package dev.tidemill.http;

import io.micrometer.core.instrument.Meter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Whose meters are whose, and who has gone, the longest gone first.
final class MeterOwners {
    /// Owners that are gone and still shown.
    static final int KEPT = 32;

    private final Map<String, Holding> all = new LinkedHashMap<>();
    private final Set<String> gone = new LinkedHashSet<>();

    private static final class Holding {
        private final Set<Meter> meters = new LinkedHashSet<>();
        private int holders;
    }

    synchronized void hold(String owner, List<Meter> meters) {
        Holding holding = all.computeIfAbsent(owner, _ -> new Holding());
        holding.meters.addAll(meters);
        holding.holders++;
        gone.remove(owner);
    }

    /// @return the meters to remove now
    synchronized List<Meter> release(String owner) {
        Holding holding = all.get(owner);
        if (holding == null || holding.holders == 0) {
            throw new IllegalStateException("released more often than held: " + owner);
        }
        holding.holders--;
        if (holding.holders == 0) {
            gone.add(owner);
        }
        List<Meter> forgotten = new ArrayList<>();
        while (gone.size() > KEPT) {
            String oldest = gone.iterator().next();
            gone.remove(oldest);
            Holding left = all.remove(oldest);
            if (left != null) {
                forgotten.addAll(left.meters);
            }
        }
        return forgotten;
    }
}
