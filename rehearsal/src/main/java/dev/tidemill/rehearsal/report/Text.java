package dev.tidemill.rehearsal.report;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Numbers and words as the page shows them.
final class Text {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("EEE d MMM uuuu HH:mm", Locale.ENGLISH);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("EEE d MMM", Locale.ENGLISH);
    private static final DateTimeFormatter HOUR =
            DateTimeFormatter.ofPattern("HH:mm", Locale.ENGLISH);

    private Text() {}

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    static String time(long millis, ZoneOffset zone) {
        return TIME.format(Instant.ofEpochMilli(millis).atOffset(zone));
    }

    static String day(long millis, ZoneOffset zone) {
        return DAY.format(Instant.ofEpochMilli(millis).atOffset(zone));
    }

    static String hour(long millis, ZoneOffset zone) {
        return HOUR.format(Instant.ofEpochMilli(millis).atOffset(zone));
    }

    static String percent(double share) {
        double percent = 100 * share;
        if (percent == 0) {
            return "0 %";
        }
        return String.format(
                Locale.ROOT,
                percent >= 9.95 ? "%.0f %%" : percent >= 0.095 ? "%.2f %%" : "%.4f %%",
                percent);
    }

    static String number(double value) {
        double size = Math.abs(value);
        return String.format(
                Locale.ROOT, size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f", value);
    }

    /// Beside an axis: no more digits than it takes.
    static String tick(double value) {
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, "%.2f", value).replaceFirst("0$", "");
    }

    static String seconds(double seconds) {
        if (seconds == 0) {
            return "–";
        }
        return seconds < 120
                ? String.format(Locale.ROOT, "%.0f s", seconds)
                : String.format(Locale.ROOT, "%.0f min", seconds / 60);
    }

    static String at(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
