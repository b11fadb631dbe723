package dev.tidemill.scaling.hpa;

import java.util.ArrayList;
import java.util.List;

/// The changes of one direction, which rates count against. Kept only when there is a behaviour.
final class ScaleEvents {
    /// @param change how many replicas came or went, never negative
    /// @param outdated too old for every rate: the next change may take its place
    record Event(int change, long at, boolean outdated) {}

    private final List<Event> events;

    ScaleEvents(List<Event> events) {
        this.events = new ArrayList<>(events);
    }

    List<Event> events() {
        return List.copyOf(events);
    }

    /// The change in the period that ends now, its start not included.
    int within(int periodSeconds, long now) {
        long cutoff = now - periodSeconds * 1000L;
        int change = 0;
        for (Event event : events) {
            if (event.at() > cutoff) {
                change += event.change();
            }
        }
        return change;
    }

    void add(int change, int longestPeriodSeconds, long now) {
        long cutoff = now - longestPeriodSeconds * 1000L;
        int old = -1;
        for (int i = 0; i < events.size(); i++) {
            Event event = events.get(i);
            if (event.at() < cutoff && !event.outdated()) {
                event = new Event(event.change(), event.at(), true);
                events.set(i, event);
            }
            old = event.outdated() ? i : old;
        }
        if (old >= 0) {
            events.set(old, new Event(change, now, false));
        } else {
            events.add(new Event(change, now, false));
        }
    }
}
