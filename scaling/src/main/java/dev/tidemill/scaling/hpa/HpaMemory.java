package dev.tidemill.scaling.hpa;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the controller keeps between passes, in memory only: a restart loses it, and the first pass
/// after that records the count it finds as a recommendation, so that nothing shrinks for a window.
/// One thread uses it.
public final class HpaMemory {
    private @Nullable Stabilization stabilization;
    private final ScaleEvents ups;
    private final ScaleEvents downs;

    /// Nothing known yet.
    public HpaMemory() {
        this(null, List.of(), List.of());
    }

    private HpaMemory(
            @Nullable Stabilization stabilization,
            List<ScaleEvents.Event> ups,
            List<ScaleEvents.Event> downs) {
        this.stabilization = stabilization;
        this.ups = new ScaleEvents(ups);
        this.downs = new ScaleEvents(downs);
    }

    /// A count, or a change of it, at some time.
    public record Entry(int count, long at) {}

    /// @param recommendations null when none is known yet, which differs from an empty list
    public static HpaMemory of(
            @Nullable List<Entry> recommendations, List<Entry> ups, List<Entry> downs) {
        return new HpaMemory(
                recommendations == null
                        ? null
                        : new Stabilization(
                                recommendations.stream()
                                        .map(e -> new Stabilization.Recommendation(e.count, e.at))
                                        .toList()),
                events(ups),
                events(downs));
    }

    private static List<ScaleEvents.Event> events(List<Entry> entries) {
        List<ScaleEvents.Event> events = new ArrayList<>();
        for (Entry entry : entries) {
            events.add(new ScaleEvents.Event(entry.count, entry.at, false));
        }
        return events;
    }

    Stabilization stabilization(int current, long now) {
        Stabilization known = stabilization;
        if (known == null) {
            known = new Stabilization(List.of(new Stabilization.Recommendation(current, now)));
            stabilization = known;
        }
        return known;
    }

    ScaleEvents ups() {
        return ups;
    }

    ScaleEvents downs() {
        return downs;
    }

    void changed(int from, int to, Behavior behavior, long now) {
        if (to > from) {
            ups.add(to - from, behavior.up().longestPeriodSeconds(), now);
        } else {
            downs.add(from - to, behavior.down().longestPeriodSeconds(), now);
        }
    }
}
