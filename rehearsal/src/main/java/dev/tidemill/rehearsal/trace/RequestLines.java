package dev.tidemill.rehearsal.trace;

import java.util.Iterator;
import java.util.PriorityQueue;

/// Requests of a trace one by one, in order of time, from as many lines as there are. A window puts
/// those right that were written late: as long as they are late at most, where that is known, and
/// never fewer rows than a few thousand. What comes later still is refused with its line.
public final class RequestLines implements RequestSource {
    private static final int WINDOW = 4096;

    private final Rows rows;
    private final double disorderMillis;
    private final PriorityQueue<Row> window = new PriorityQueue<>();
    private Row present = new Row(0, 0, 0, 0);
    private double last = Double.NEGATIVE_INFINITY;
    private double newest = Double.NEGATIVE_INFINITY;
    private long number;

    private record Row(double at, long number, int prompt, int output) implements Comparable<Row> {
        @Override
        public int compareTo(Row other) {
            int byTime = Double.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    public RequestLines(Iterator<String> lines, TraceOptions options) {
        this(lines, options, 0);
    }

    /// @param disorderMillis by how much rows come after later ones, as [Trace] has it
    public RequestLines(Iterator<String> lines, TraceOptions options, double disorderMillis) {
        this.rows = new Rows(lines, options);
        this.disorderMillis = disorderMillis;
    }

    @Override
    public boolean next() {
        while (open() && rows.next()) {
            if (!rows.requests()) {
                throw rows.wrong("requests with a time each, not counts");
            }
            if (rows.at() < last) {
                throw rows.wrong(
                        "a time no earlier than that of rows more than %d before it; sort the file"
                                .formatted(WINDOW));
            }
            newest = Math.max(newest, rows.at());
            window.add(
                    new Row(
                            rows.at(),
                            number++,
                            (int) Math.min(rows.prompt(), Integer.MAX_VALUE),
                            (int) Math.min(rows.output(), Integer.MAX_VALUE)));
        }
        Row next = window.poll();
        if (next == null) {
            return false;
        }
        present = next;
        last = next.at();
        return true;
    }

    private boolean open() {
        Row first = window.peek();
        return first == null || window.size() < WINDOW || newest - first.at() <= disorderMillis;
    }

    @Override
    public double atSeconds() {
        return last / 1000;
    }

    @Override
    public int prompt() {
        return present.prompt();
    }

    @Override
    public int output() {
        return present.output();
    }
}
