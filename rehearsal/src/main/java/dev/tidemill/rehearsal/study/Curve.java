package dev.tidemill.rehearsal.study;

import dev.tidemill.rehearsal.Watcher;
import dev.tidemill.scaling.Limit;
import dev.tidemill.scaling.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// What happened minute by minute, for plots, and the first changes of the count with their
/// reasons.
public final class Curve implements Watcher {
    private final float[] ordered;
    private final float[] ready;
    private final float[] late;
    private final List<Change> changes = new ArrayList<>();
    private final int keep;
    private int more;

    /// @param keep so many changes; those after are only counted
    public Curve(int minutes, int keep) {
        this.ordered = new float[minutes];
        this.ready = new float[minutes];
        this.late = new float[minutes];
        this.keep = keep;
    }

    @Override
    public void decided(Verdict verdict) {
        if (!verdict.changes()) {
            return;
        }
        if (changes.size() == keep) {
            more++;
            return;
        }
        changes.add(change(verdict));
    }

    public static Change change(Verdict verdict) {
        return new Change(
                verdict.seen().atMillis(),
                verdict.policy(),
                verdict.seen().ordered(),
                verdict.replicas(),
                verdict.rule(),
                verdict.limits().stream().map(Limit::label).collect(Collectors.joining(", ")),
                verdict.reason());
    }

    @Override
    public void minute(
            int minute, double requests, double lateOnes, double orderedMean, double readyMean) {
        ordered[minute] = (float) orderedMean;
        ready[minute] = (float) readyMean;
        late[minute] = (float) (requests > 0 ? lateOnes / requests : 0);
    }

    public int minutes() {
        return ordered.length;
    }

    public double ordered(int minute) {
        return ordered[minute];
    }

    public double ready(int minute) {
        return ready[minute];
    }

    /// Share of the minute's requests.
    public double late(int minute) {
        return late[minute];
    }

    public List<Change> changes() {
        return List.copyOf(changes);
    }

    /// Changes that were not kept.
    public int more() {
        return more;
    }
}
