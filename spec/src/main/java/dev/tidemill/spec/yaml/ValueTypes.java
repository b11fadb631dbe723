package dev.tidemill.spec.yaml;

import dev.tidemill.common.ByteSize;
import dev.tidemill.common.DurationText;
import dev.tidemill.common.ResourceName;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// The types that every kind uses.
public final class ValueTypes {
    /// Longer texts are no number, duration or size; the patterns need not see them.
    private static final int MAX_QUANTITY = 32;

    private ValueTypes() {}

    /// Text that a database, a header and a terminal take: no control characters but line ends and
    /// tabs, no half of a surrogate pair.
    public static ValueType<String> text(String expected, int maxLength) {
        return matching(
                        "%s, at most %d characters".formatted(expected, maxLength),
                        "",
                        text -> text.length() <= maxLength && isClean(text))
                .as(new Form.Text(maxLength, ""));
    }

    /// Every scalar as it is written: a number and `true` are words too.
    public static ValueType<String> word(String expected, int maxLength) {
        return new ValueType<>(
                        "%s, at most %d characters".formatted(expected, maxLength),
                        "",
                        scalar ->
                                scalar.type() == YamlNode.Type.NULL
                                                || scalar.text().length() > maxLength
                                                || !isClean(scalar.text())
                                        ? Optional.empty()
                                        : Optional.of(scalar.text()))
                .as(new Form.NumberOrText(""));
    }

    public static ValueType<String> matching(
            String expected, String placeholder, Predicate<String> accepts) {
        return new ValueType<>(
                expected,
                placeholder,
                scalar ->
                        scalar.type() == YamlNode.Type.TEXT && accepts.test(scalar.text())
                                ? Optional.of(scalar.text())
                                : Optional.empty());
    }

    public static ValueType<String> name() {
        return matching(ResourceName.EXPECTED, "unnamed", ResourceName::isValid)
                .as(new Form.Text(ResourceName.MOST, ResourceName.PATTERN));
    }

    /// One of the words.
    public static <T> ValueType<T> choice(List<Map.Entry<String, T>> choices) {
        List<String> words = choices.stream().map(Map.Entry::getKey).toList();
        return new ValueType<>(
                        words(words),
                        choices.getFirst().getValue(),
                        text -> Nearest.hint(text, words),
                        scalar ->
                                choices.stream()
                                        .filter(choice -> choice.getKey().equals(scalar.text()))
                                        .map(Map.Entry::getValue)
                                        .findFirst())
                .as(isFlag(words) ? new Form.Flag() : new Form.Words(words));
    }

    private static boolean isFlag(List<String> words) {
        return words.size() == 2 && words.containsAll(List.of("true", "false"));
    }

    public static ValueType<Integer> whole(int min, int max) {
        ValueType<Long> wide = wholeLong(min, max);
        return new ValueType<>(
                        wide.expected(), min, scalar -> wide.read(scalar).map(Math::toIntExact))
                .as(wide.form());
    }

    public static ValueType<Long> wholeLong(long min, long max) {
        return new ValueType<>(
                        "a whole number from %d to %d".formatted(min, max),
                        min,
                        scalar -> decimal(scalar).filter(number -> number >= min && number <= max))
                .as(new Form.Whole(min, max));
    }

    /// Both ends included.
    public static ValueType<Double> number(double min, double max) {
        return new ValueType<>(
                        "a number from %s to %s".formatted(plain(min), plain(max)),
                        min,
                        scalar -> finite(scalar).filter(number -> number >= min && number <= max))
                .as(new Form.Decimal(min, max, false));
    }

    /// Zero not included.
    public static ValueType<Double> positive(double max) {
        return new ValueType<>(
                        "a number above 0, at most " + plain(max),
                        max,
                        scalar -> finite(scalar).filter(number -> number > 0 && number <= max))
                .as(new Form.Decimal(0, max, true));
    }

    public static ValueType<Duration> duration(String min, String max) {
        Duration least = DurationText.parse(min);
        Duration most = DurationText.parse(max);
        return new ValueType<>(
                        "%s, from %s to %s".formatted(DurationText.EXPECTED, min, max),
                        least,
                        scalar ->
                                parsed(scalar, DurationText::parse)
                                        .filter(d ->
                                                d.compareTo(least) >= 0 && d.compareTo(most) <= 0))
                .as(new Form.Time(min, max));
    }

    public static ValueType<ByteSize> size(String min, String max) {
        ByteSize least = ByteSize.parse(min);
        ByteSize most = ByteSize.parse(max);
        return new ValueType<>(
                        "%s, from %s to %s".formatted(ByteSize.EXPECTED, min, max),
                        least,
                        scalar ->
                                parsed(scalar, ByteSize::parse)
                                        .filter(s ->
                                                s.bytes() >= least.bytes()
                                                        && s.bytes() <= most.bytes()))
                .as(new Form.Size(min, max));
    }

    /// `a, b or c`.
    public static String words(List<String> words) {
        int last = words.size() - 1;
        return last < 1
                ? String.join("", words)
                : String.join(", ", words.subList(0, last)) + " or " + words.get(last);
    }

    /// A finite number, whole or not.
    public static Optional<Double> finite(YamlNode.Scalar scalar) {
        YamlNode.Type type = scalar.type();
        if (type == YamlNode.Type.INTEGER) {
            return decimal(scalar).map(Long::doubleValue);
        }
        String text = scalar.text();
        // The core schema's `.inf` and `.nan` are floats too.
        return type == YamlNode.Type.FLOAT && text.chars().anyMatch(Character::isDigit)
                ? Optional.of(Double.parseDouble(text)).filter(Double::isFinite)
                : Optional.empty();
    }

    private static Optional<Long> decimal(YamlNode.Scalar scalar) {
        return scalar.type() == YamlNode.Type.INTEGER && scalar.text().matches("[-+]?\\d{1,18}")
                ? Optional.of(Long.parseLong(scalar.text()))
                : Optional.empty();
    }

    private static <T> Optional<T> parsed(YamlNode.Scalar scalar, Function<String, T> parser) {
        if (scalar.text().length() > MAX_QUANTITY) {
            return Optional.empty();
        }
        try {
            return Optional.of(parser.apply(scalar.text()));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// Whether text has no control characters but line ends and tabs, and no lone surrogates.
    static boolean isClean(String text) {
        return text.codePoints()
                .allMatch(point ->
                        point == '\n'
                                || point == '\t'
                                || !(Character.isISOControl(point)
                                        || Character.getType(point) == Character.SURROGATE));
    }

    private static String plain(double number) {
        return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }
}
