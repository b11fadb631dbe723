package dev.tidemill.rehearsal.trace;

import dev.tidemill.rehearsal.MinuteTrace;
import dev.tidemill.rehearsal.trace.Trace.Took;
import dev.tidemill.rehearsal.trace.TraceOptions.Holes;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Reads a trace of any layout into counts by minute.
///
/// Layouts: separated values with a header that names a time and a count, a rate or tokens, or
/// without one (time; time,count; time,prompt,output); JSON lines with the same names, our access
/// log among them; web logs in the common log format. Counts need not be of minutes: shorter steps
/// are summed, longer ones spread. Holes hold the count before them, or are zero as the options
/// say, and are counted. Anything else that is wrong is refused with its line.
public final class TraceReader {
    private static final long MINUTE = 60_000;
    private static final double LONGEST_HOLE = 7 * 86_400_000.0;

    /// Logs are written when requests end, so they begin a little out of order.
    private static final double DISORDER = 3_600_000;

    private static final int PEEK = 16;

    private final Rows rows;
    private final TraceOptions options;
    private final MinuteCounts counts = new MinuteCounts();
    private final List<String> notes = new ArrayList<>();
    private long read;
    private double filledMillis;
    private long disordered;
    private double worstDisorder;
    private double prompts;
    private double outputs;
    private long timed;
    private double tookMean;
    private double tookSquares;

    private TraceReader(Iterator<String> lines, TraceOptions options) {
        this.rows = new Rows(lines, options);
        this.options = options;
    }

    /// @throws TraceException for anything that cannot be used
    public static Trace read(Iterator<String> lines, TraceOptions options) {
        return new TraceReader(lines, options).read();
    }

    private Trace read() {
        if (!rows.next()) {
            throw new TraceException(
                    "trace: no rows in %d lines%s (expected: rows of minute,count, JSON lines, an access log)"
                            .formatted(
                                    rows.line(),
                                    rows.others() > 0
                                            ? ", %d of them about something else"
                                                    .formatted(rows.others())
                                            : ""));
        }
        if (rows.requests()) {
            requests();
        } else {
            counted();
        }
        double[] minutes = counts.counts();
        double sum = 0;
        for (double each : minutes) {
            sum += each;
        }
        if (!(sum > 0)) {
            throw new TraceException(
                    "trace: no requests in %d rows (expected: at least one)".formatted(read));
        }
        notes();
        int filled = (int) Math.round(filledMillis / MINUTE);
        return new Trace(
                MinuteTrace.filled(counts.startMillis(), filled, minutes),
                rows.requests(),
                rows.tokens(),
                prompts / read,
                outputs / read,
                read,
                worstDisorder,
                took(),
                notes);
    }

    private void requests() {
        double newest = rows.at();
        do {
            double back = newest - rows.at();
            if (back > DISORDER) {
                throw rows.wrong(
                        "a time at most an hour before the latest one; sort the file, or is the zone or the unit wrong?");
            }
            if (rows.at() - newest > LONGEST_HOLE) {
                throw rows.wrong("no hole of more than a week");
            }
            if (back > 0) {
                disordered++;
                worstDisorder = Math.max(worstDisorder, back);
            }
            newest = Math.max(newest, rows.at());
            add(rows.at(), rows.count());
            prompts += rows.prompt();
            outputs += rows.output();
            took(rows.took());
            read++;
        } while (rows.next());
    }

    private void took(double millis) {
        if (!Double.isNaN(millis)) {
            timed++;
            double off = millis - tookMean;
            tookMean += off / timed;
            tookSquares += off * (millis - tookMean);
        }
    }

    private Optional<Took> took() {
        return timed == 0 || !(tookMean > 0)
                ? Optional.empty()
                : Optional.of(new Took(tookMean / 1000, Math.sqrt(tookSquares / timed) / tookMean));
    }

    private void add(double at, double amount) {
        if (!counts.add((long) Math.floor(at / MINUTE), amount)) {
            throw rows.wrong("a trace of at most ten years; is the unit of its times wrong?");
        }
    }

    /// The first rows show how far apart rows are.
    private void counted() {
        double[] at = new double[PEEK];
        double[] count = new double[PEEK];
        int peeked = 0;
        double step = Double.POSITIVE_INFINITY;
        do {
            if (peeked > 0) {
                check(rows.at() - at[peeked - 1]);
                step = Math.min(step, rows.at() - at[peeked - 1]);
            }
            at[peeked] = rows.at();
            count[peeked++] = rows.count();
        } while (peeked < PEEK && rows.next());
        step = peeked == 1 ? MINUTE : step;
        stepNote(step);
        boolean rate = rows.perSecond();
        for (int i = 0; i < peeked; i++) {
            if (i > 0) {
                hole(at[i - 1], at[i], count[i - 1], step, rate);
            }
            spread(at[i], count[i], step, rate);
        }
        double last = at[peeked - 1];
        double lastCount = count[peeked - 1];
        read = peeked;
        while (peeked == PEEK && rows.next()) {
            check(rows.at() - last);
            // Shorter steps of counts are summed, whatever they are; a rate is multiplied by its
            // step.
            if (rows.at() - last < step * 0.5 && (step >= MINUTE || rate)) {
                throw rows.wrong("rows %s apart, as the first ones are".formatted(seconds(step)));
            }
            hole(last, rows.at(), lastCount, step, rate);
            spread(rows.at(), rows.count(), step, rate);
            last = rows.at();
            lastCount = rows.count();
            read++;
        }
    }

    private void check(double gap) {
        if (!(gap > 0)) {
            throw rows.wrong(
                    "a time after the one before; sort the file and sum doubles"
                            + (gap >= -3_600_000 && gap < -3_000_000
                                    ? ", or is it local time of a zone whose clocks go back here: --zone"
                                    : ""));
        }
        if (gap > LONGEST_HOLE) {
            throw rows.wrong("no hole of more than a week");
        }
    }

    private void stepNote(double step) {
        if (step < MINUTE) {
            notes.add("rows are %s apart: summed by minute".formatted(seconds(step)));
        } else if (step > MINUTE) {
            notes.add(
                    "rows are %s apart: each spread evenly over its time, so bursts within are not seen"
                            .formatted(seconds(step)));
        }
    }

    private void hole(double before, double now, double count, double step, boolean rate) {
        double from = before + step;
        double hole = now - from;
        if (hole < step * 0.5) {
            return;
        }
        filledMillis += hole;
        double held = options.holes() == Holes.HOLD ? count : 0;
        while (now - from >= step * 0.5) {
            spread(from, held, step, rate);
            from += step;
        }
    }

    private void spread(double at, double count, double step, boolean rate) {
        double amount = rate ? count * step / 1000 : count;
        if (step <= MINUTE) {
            add(at, amount);
            return;
        }
        int parts = (int) Math.max(1, Math.round(step / MINUTE));
        for (int i = 0; i < parts; i++) {
            add(at + i * (double) MINUTE, amount / parts);
        }
    }

    private void notes() {
        if (filledMillis > 0) {
            notes.add(
                    "%d minutes are missing: %s"
                            .formatted(
                                    Math.round(filledMillis / MINUTE),
                                    options.holes() == Holes.HOLD
                                            ? "the count before each hole goes on"
                                            : "taken for minutes without requests"));
        }
        if (disordered > 0) {
            notes.add(
                    "%d rows come after later ones, by up to %s: counted where they belong"
                            .formatted(disordered, seconds(worstDisorder)));
        }
        if (rows.others() > 0) {
            notes.add("%d lines are about something else: left out".formatted(rows.others()));
        }
        if (rows.times().relative()) {
            notes.add(
                    "times count from the beginning, in %s: the first day begins at midnight on a Thursday"
                            .formatted(rows.times().unit().name().toLowerCase(Locale.ROOT)));
        }
        if (rows.times().repeatedHours() > 0) {
            notes.add(
                    "the clocks of %s go back: that hour is there twice".formatted(options.zone()));
        }
        if (rows.perSecond()) {
            notes.add("the column is a rate in requests a second: multiplied by its time");
        }
    }

    private static String seconds(double millis) {
        double seconds = millis / 1000;
        return seconds == Math.rint(seconds)
                ? (long) seconds + " s"
                : String.format(Locale.ROOT, "%.3f s", seconds);
    }
}
