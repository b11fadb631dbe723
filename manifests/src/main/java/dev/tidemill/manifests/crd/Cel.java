package dev.tidemill.manifests.crd;

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
    private static final String DAYS_IN_MILLIS = "int(self.replace(\"d\", \"\")) * 86400000";

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
            // A number or a text: to the API server a rule about it is too dear, as its length has
            // no bound there.
            case Form.Size _ -> Optional.empty();
            case Form.Flag(), Form.NumberOrText(String _) -> Optional.empty();
        };
    }

    /// CEL knows no days; of a duration such as `1d12h` only the form is looked at.
    private static String time(String min, String max) {
        return "self.matches(%s) ? duration(self) >= duration(%s) && duration(self) <= duration(%s) : (self.matches(%s) ? %s >= %d && %s <= %d : self.matches(%s))"
                .formatted(
                        text(PARTS),
                        text(seconds(min)),
                        text(seconds(max)),
                        text(DAYS),
                        DAYS_IN_MILLIS,
                        DurationText.parse(min).toMillis(),
                        DAYS_IN_MILLIS,
                        DurationText.parse(max).toMillis(),
                        text(PARTS_AND_DAYS));
    }

    private static String seconds(String duration) {
        return DurationText.parse(duration).toMillis() + "ms";
    }

    static String whole(String pattern) {
        return "^(?:" + pattern + ")$";
    }

    /// The sentence of the command line about the value at hand; empty for numbers, for the API
    /// server takes what `string()` gives for endless and such a sentence for too dear.
    static Optional<String> sentence(Form form, String expected) {
        return switch (form) {
            case Form.Text _, Form.Words _, Form.Time _ ->
                    Optional.of("\"'\" + self + " + text("' (expected: %s)".formatted(expected)));
            case Form.Whole _, Form.Decimal _, Form.Size _, Form.Flag _, Form.NumberOrText _ ->
                    Optional.empty();
        };
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
