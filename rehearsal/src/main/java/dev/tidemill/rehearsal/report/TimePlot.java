package dev.tidemill.rehearsal.report;

import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleFunction;

/// A drawing over the time of the trace.
final class TimePlot {
    static final int WIDTH = 960;
    static final int LEFT = 62;
    static final int RIGHT = 948;
    private static final int TOP = 14;

    private final long start;
    private final int minutes;
    private final ZoneOffset zone;
    private final int height;
    private final StringBuilder out = new StringBuilder();
    private boolean cuts;

    TimePlot(long start, int minutes, ZoneOffset zone, int height) {
        this.start = start;
        this.minutes = minutes;
        this.zone = zone;
        this.height = height;
    }

    /// Values far above all others end at the top, which says how far they go: one peak of one
    /// series would leave a flat line of all others.
    TimePlot cut() {
        cuts = true;
        return this;
    }

    /// @param label what a value on the left reads as
    /// @param hover what the pointer reads at each point of the first series; empty for nothing
    /// @param marks drawn on top
    String draw(
            String title,
            List<Series> series,
            boolean filled,
            DoubleFunction<String> label,
            List<String> hover,
            List<Mark> marks) {
        double most = series.stream().mapToDouble(Series::most).max().orElse(1);
        double usual = usual(series);
        boolean cut = cuts && usual > 0 && most > 3 * usual;
        Axis y = Axis.linear(cut ? 1.5 * usual : most, height - 24.0, TOP);
        out.append(
                "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">"
                        .formatted(WIDTH, height, Text.escape(title)));
        grid(y, label);
        if (cut) {
            out.append(
                    "<text class=\"axis\" x=\"%d\" y=\"10\" text-anchor=\"end\">cut here: up to %s</text>"
                            .formatted(RIGHT, Text.escape(label.apply(most))));
        }
        days();
        for (int i = 0; i < series.size(); i++) {
            line(series.get(i), y, filled && i == 0);
        }
        columns(hover);
        // Many of them would hide the lines.
        String radius = marks.size() > 100 ? "1.4" : "2.6";
        for (Mark mark : marks) {
            out.append(
                    "<circle class=\"%s\" cx=\"%s\" cy=\"%s\" r=\"%s\"><title>%s</title></circle>"
                            .formatted(
                                    mark.style(),
                                    Text.at(x(mark.atMillis())),
                                    Text.at(y.at(mark.value())),
                                    radius,
                                    Text.escape(mark.words())));
        }
        return out.append("</svg>").toString();
    }

    /// What all but one in a hundred points are at most.
    private static double usual(List<Series> series) {
        double[] all =
                series.stream().flatMapToDouble(each -> Arrays.stream(each.values())).toArray();
        Arrays.sort(all);
        return all.length == 0 ? 0 : all[(int) (0.99 * (all.length - 1))];
    }

    /// Something that happened.
    record Mark(long atMillis, double value, String style, String words) {}

    private double x(long millis) {
        return LEFT + (millis - start) / (minutes * 60_000.0) * (RIGHT - LEFT);
    }

    private void grid(Axis y, DoubleFunction<String> label) {
        for (double tick : y.ticks()) {
            String at = Text.at(y.at(tick));
            out.append(
                    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%s\" y2=\"%s\"/><text class=\"axis\" x=\"%d\" y=\"%s\" text-anchor=\"end\">%s</text>"
                            .formatted(
                                    LEFT,
                                    RIGHT,
                                    at,
                                    at,
                                    LEFT - 6,
                                    Text.at(y.at(tick) + 4),
                                    Text.escape(label.apply(tick))));
        }
    }

    private void days() {
        long step = minutes > 2 * 1440 ? 86_400_000L : minutes > 360 ? 10_800_000L : 900_000L;
        long offset = zone.getTotalSeconds() * 1000L;
        long many = Math.max(1, minutes * 60_000L / step / 8);
        long first = Math.floorDiv(start + offset + step - 1, step) * step - offset;
        long number = 0;
        for (long at = first; at < start + minutes * 60_000L; at += step) {
            String x = Text.at(x(at));
            boolean named = number++ % many == 0;
            out.append(
                    "<line class=\"grid\" x1=\"%s\" x2=\"%s\" y1=\"%d\" y2=\"%d\"/>"
                            .formatted(x, x, height - 24, height - (named ? 18 : 21)));
            if (named && x(at) < RIGHT - 40) {
                String words = step >= 86_400_000L ? Text.day(at, zone) : Text.hour(at, zone);
                out.append(
                        "<text class=\"axis\" x=\"%s\" y=\"%d\">%s</text>"
                                .formatted(x, height - 5, words));
            }
        }
    }

    private void line(Series series, Axis y, boolean filled) {
        double[] values = series.values();
        StringBuilder path = new StringBuilder("M");
        double width = (double) (RIGHT - LEFT) / values.length;
        double before = Double.NaN;
        for (int i = 0; i < values.length; i++) {
            double at = y.at(values[i]);
            if (at != before || i == values.length - 1) {
                if (i > 0) {
                    path.append(' ').append(Text.at(LEFT + i * width)).append(',');
                    path.append(Text.at(before));
                }
                path.append(' ').append(Text.at(LEFT + i * width)).append(',').append(Text.at(at));
            }
            before = at;
        }
        path.append(' ').append(RIGHT).append(',').append(Text.at(before));
        if (filled) {
            out.append(
                    "<path class=\"area\" d=\"%s L %d,%d %d,%dZ\"/>"
                            .formatted(path, RIGHT, height - 24, LEFT, height - 24));
        }
        out.append("<path class=\"line %s\" d=\"%s\"/>".formatted(series.style(), path));
    }

    private void columns(List<String> hover) {
        double width = (double) (RIGHT - LEFT) / Math.max(1, hover.size());
        for (int i = 0; i < hover.size(); i++) {
            out.append(
                    "<rect class=\"see\" x=\"%s\" y=\"%d\" width=\"%s\" height=\"%d\"><title>%s</title></rect>"
                            .formatted(
                                    Text.at(LEFT + i * width),
                                    TOP,
                                    Text.at(width),
                                    height - 24 - TOP,
                                    Text.escape(hover.get(i))));
        }
    }
}
