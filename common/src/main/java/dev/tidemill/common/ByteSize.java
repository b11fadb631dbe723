package dev.tidemill.common;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A number of bytes, written as Kubernetes quantities are: `200Mi`, `1Gi`, `64k`, `1024`.
public record ByteSize(long bytes) {
    /// What [#parse] accepts, for error messages.
    public static final String EXPECTED = "a size such as 512Ki, 200Mi or 1Gi";

    private static final Pattern FORM = Pattern.compile("(\\d{1,18})(|k|M|G|T|Ki|Mi|Gi|Ti)");

    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("size: '%d' (expected: >= 0)".formatted(bytes));
        }
    }

    /// @throws IllegalArgumentException when the text is not a size
    public static ByteSize parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "size: '%s' (expected: %s)".formatted(text, EXPECTED));
        }
        try {
            long number = Long.parseLong(matcher.group(1));
            return new ByteSize(Math.multiplyExact(number, factor(matcher.group(2))));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "size: '%s' (expected: less than 8 EiB)".formatted(text), e);
        }
    }

    public static ByteSize mebibytes(long mebibytes) {
        return new ByteSize(Math.multiplyExact(mebibytes, 1L << 20));
    }

    private static long factor(String unit) {
        return switch (unit) {
            case "" -> 1L;
            case "k" -> 1_000L;
            case "M" -> 1_000_000L;
            case "G" -> 1_000_000_000L;
            case "T" -> 1_000_000_000_000L;
            case "Ki" -> 1L << 10;
            case "Mi" -> 1L << 20;
            case "Gi" -> 1L << 30;
            case "Ti" -> 1L << 40;
            default -> throw new IllegalStateException(unit);
        };
    }

    /// For people: the largest binary unit that leaves at least one, one decimal, as `9.5 MiB`.
    @Override
    public String toString() {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
        double value = bytes;
        int unit = 0;
        while (value >= 1024) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
    }
}
