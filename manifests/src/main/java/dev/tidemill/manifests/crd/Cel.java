package dev.tidemill.manifests.crd;

import dev.tidemill.common.ByteSize;
import dev.tidemill.common.DurationText;
import dev.tidemill.spec.yaml.Form;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What a scalar must be, in Kubernetes' dialect of CEL.
final class Cel {
    private static final String PARTS = "^([0-9]{1,9}(ms|s|m|h))+$";
    private static final String PARTS_AND_DAYS = "^([0-9]{1,9}(ms|s|m|h|d))+$";
    private static final String DAYS = "^[0-9]{1,6}d$";
    private static final String SIZE = "^[0-9]{1,18}(k|M|G|T|Ki|Mi|Gi|Ti)?$";

    private Cel() {}

    /// Empty where the schema alone says all that can be said.
    static Optional<String> rule(Form form) {
        return switch (form) {
            case Form.Text(int _, String pattern) ->
                    pattern.isEmpty()
                            ? Optional.empty()
                            : Optional.of("self.matches(%s)".formatted(text(whole(pattern))));
            case Form.Whole(long min, long max) ->
                    Optional.of("self >= %d && self <= %d".formatted(min, max));
            case Form.Decimal(double min, double max, boolean above) ->
                    Optional.of(
                            "self %s %s && self <= %s"
                                    .formatted(above ? ">" : ">=", number(min), number(max)));
            case Form.Words(List<String> words) ->
                    Optional.of(
                            words.stream()
                                    .map(Cel::text)
                                    .collect(Collectors.joining(", ", "self in [", "]")));
            case Form.Time(String min, String max) -> Optional.of(time(min, max));
            case Form.Size(String min, String max) -> Optional.of(size(min, max));
            case Form.Flag(), Form.NumberOrText(String _) -> Optional.empty();
        };
    }

    /// CEL knows no days; of a duration such as `1d12h` only the form is looked at.
    private static String time(String min, String max) {
        String range =
                "duration(%%1$s) >= duration(%s) && duration(%%1$s) <= duration(%s)"
                        .formatted(text(seconds(min)), text(seconds(max)));
        return "self.matches(%s) ? %s : (self.matches(%s) ? %s : self.matches(%s))"
                .formatted(
                        text(PARTS),
                        range.formatted("self"),
                        text(DAYS),
                        range.formatted("string(int(self.replace(\"d\", \"\")) * 24) + \"h\""),
                        text(PARTS_AND_DAYS));
    }

    private static String seconds(String duration) {
        return DurationText.parse(duration).toMillis() + "ms";
    }

    private static String size(String min, String max) {
        return "type(self) == int ? int(self) >= %d && int(self) <= %d : (%s && %s && %s)"
                .formatted(
                        bytes(min),
                        bytes(max),
                        "string(self).matches(%s)".formatted(text(SIZE)),
                        "quantity(string(self)).compareTo(quantity(\"%d\")) >= 0"
                                .formatted(bytes(min)),
                        "quantity(string(self)).compareTo(quantity(\"%d\")) <= 0"
                                .formatted(bytes(max)));
    }

    private static long bytes(String size) {
        return ByteSize.parse(size).bytes();
    }

    static String whole(String pattern) {
        return "^(?:" + pattern + ")$";
    }

    /// The sentence of the command line about the value at hand.
    static String sentence(String expected) {
        return "\"'\" + string(self) + " + text("' (expected: %s)".formatted(expected));
    }

    /// A literal.
    static String text(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    /// A literal of a number that is not whole for CEL even when it is.
    private static String number(double value) {
        String plain = BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
        return plain.contains(".") ? plain : plain + ".0";
    }
}
