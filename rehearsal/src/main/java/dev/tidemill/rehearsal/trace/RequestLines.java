package dev.tidemill.rehearsal.trace;

import java.util.Iterator;
import java.util.PriorityQueue;

/// Requests of a trace one by one, in order of time, from as many lines as there are: a small
/// window puts those right that were written a little late.
public final class RequestLines implements RequestSource {
    private static final int WINDOW = 4096;

    private final Rows rows;
    private final PriorityQueue<Row> window = new PriorityQueue<>();
    private Row present = new Row(0, 0, 0, 0);
    private double last = Double.NEGATIVE_INFINITY;
    private long number;

    private record Row(double at, long number, int prompt, int output) implements Comparable<Row> {
        @Override
        public int compareTo(Row other) {
            int byTime = Double.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    public RequestLines(Iterator<String> lines, TraceOptions options) {
        this.rows = new Rows(lines, options);
    }

    @Override
    public boolean next() {
        while (window.size() < WINDOW && rows.next()) {
            if (!rows.requests()) {
                throw rows.wrong("requests with a time each, not counts");
            }
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
        last = Math.max(last, next.at());
        return true;
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
