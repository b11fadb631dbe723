package dev.tidemill.spec.scaling;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Numbers of partitions such as `0,3,10-20`.
public record PartitionRanges(List<Range> ranges) {
    public static final PartitionRanges ALL = new PartitionRanges(List.of());
    static final String EXPECTED = "numbers of partitions in quotes such as \"0,3,10-20\"";
    static final Pattern FORM =
            Pattern.compile("[0-9]{1,6}(-[0-9]{1,6})?(,[0-9]{1,6}(-[0-9]{1,6})?){0,99}");
    private static final Pattern RANGE = Pattern.compile("([0-9]+)(?:-([0-9]+))?");

    public PartitionRanges {
        ranges = List.copyOf(ranges);
    }

    /// Both ends included.
    public record Range(int from, int to) {
        public Range {
            if (from > to) {
                throw new IllegalArgumentException(
                        "partitions: '%d-%d' (expected: from the lower to the higher)"
                                .formatted(from, to));
            }
        }
    }

    /// @throws IllegalArgumentException for anything else
    static PartitionRanges parse(String text) {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "partitions: '%s' (expected: %s)".formatted(text, EXPECTED));
        }
        List<Range> ranges = new ArrayList<>();
        Matcher range = RANGE.matcher(text);
        while (range.find()) {
            int from = Integer.parseInt(range.group(1));
            ranges.add(
                    new Range(
                            from,
                            range.group(2) == null ? from : Integer.parseInt(range.group(2))));
        }
        return new PartitionRanges(ranges);
    }

    public boolean contains(int partition) {
        return ranges.isEmpty()
                || ranges.stream()
                        .anyMatch(range -> range.from <= partition && partition <= range.to);
    }

    @Override
    public String toString() {
        return String.join(
                ",",
                ranges.stream()
                        .map(range ->
                                range.from == range.to
                                        ? String.valueOf(range.from)
                                        : range.from + "-" + range.to)
                        .toList());
    }
}
