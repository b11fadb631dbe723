package dev.tidemill.spec.scaling;

import dev.tidemill.common.DurationText;
import dev.tidemill.spec.scaling.Measure.Unit;
import dev.tidemill.spec.yaml.Form;
import dev.tidemill.spec.yaml.ValueType;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A threshold as people write it: `100`, `70%` or `500ms`; a number as text, too, as Kubernetes
/// and KEDA have it.
///
/// @param value a share for percents, seconds for durations
record Amount(double value, Unit unit) {
    private static final Pattern PERCENT = Pattern.compile("(\\d{1,4}(?:\\.\\d{1,6})?) ?%");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,12}(?:\\.\\d{1,9})?");
    private static final Pattern QUANTITY =
            Pattern.compile("(\\d{1,12}(?:\\.\\d{1,9})?)(m|k|M|G|Ki|Mi|Gi)?");

    static ValueType<Amount> type() {
        return new ValueType<>(
                        "a number above 0 such as 8, a share such as 70%, or a duration such as 500ms",
                        new Amount(1, Unit.TOTAL),
                        scalar -> read(scalar.text()).filter(amount -> amount.value > 0))
                .as(new Form.NumberOrText(""));
    }

    /// `1%` or `0.01`.
    static ValueType<Double> share() {
        return new ValueType<>(
                        "a share above 0 and below 1, such as 1% or 0.01",
                        0.01,
                        scalar ->
                                read(scalar.text())
                                        .filter(amount -> amount.unit != Unit.SECONDS)
                                        .map(Amount::value)
                                        .filter(share -> share > 0 && share < 1))
                .as(new Form.NumberOrText(""));
    }

    /// Numbers as Kubernetes writes them, with or without quotes.
    static ValueType<Double> quantity() {
        return new ValueType<>(
                        "a number above 0 such as 50, \"50\", 500m or 2k",
                        1.0,
                        scalar -> kubernetes(scalar.text()).filter(value -> value > 0))
                .as(new Form.NumberOrText(QUANTITY.pattern()));
    }

    /// The same, zero included.
    static ValueType<Double> number() {
        return new ValueType<>(
                        "a number such as 0, 50 or \"50\"",
                        0.0,
                        scalar -> kubernetes(scalar.text()))
                .as(new Form.NumberOrText(QUANTITY.pattern()));
    }

    private static Optional<Amount> read(String text) {
        Matcher percent = PERCENT.matcher(text);
        if (percent.matches()) {
            return Optional.of(new Amount(Double.parseDouble(percent.group(1)) / 100, Unit.SHARE));
        }
        if (NUMBER.matcher(text).matches()) {
            return Optional.of(new Amount(Double.parseDouble(text), Unit.TOTAL));
        }
        try {
            return text.length() > 32
                    ? Optional.empty()
                    : Optional.of(
                            new Amount(DurationText.parse(text).toNanos() / 1e9, Unit.SECONDS));
        } catch (IllegalArgumentException | ArithmeticException _) {
            return Optional.empty();
        }
    }

    private static Optional<Double> kubernetes(String text) {
        Matcher quantity = QUANTITY.matcher(text);
        if (!quantity.matches()) {
            return Optional.empty();
        }
        String unit = quantity.group(2) == null ? "" : quantity.group(2);
        double factor =
                switch (unit) {
                    case "m" -> 1e-3;
                    case "k" -> 1e3;
                    case "M" -> 1e6;
                    case "G" -> 1e9;
                    case "Ki" -> 1024;
                    case "Mi" -> 1048576;
                    case "Gi" -> 1073741824;
                    default -> 1;
                };
        return Optional.of(Double.parseDouble(quantity.group(1)) * factor);
    }
}
