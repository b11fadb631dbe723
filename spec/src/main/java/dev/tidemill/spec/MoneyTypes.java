package dev.tidemill.spec;

import dev.tidemill.spec.yaml.Form;
import dev.tidemill.spec.yaml.ValueType;
import dev.tidemill.spec.yaml.ValueTypes;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Pattern;

/// The types of values that are about money and its days.
final class MoneyTypes {
    /// As many digits as are kept.
    private static final int DIGITS = 9;

    private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");
    private static final Pattern AMOUNT = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");

    private MoneyTypes() {}

    static ValueType<String> currency() {
        return ValueTypes.matching(
                        "a currency such as USD or EUR",
                        "USD",
                        text -> CURRENCY.matcher(text).matches())
                .as(Form.matching(CURRENCY, 3));
    }

    /// Zero included.
    static ValueType<BigDecimal> amount(int most) {
        return new ValueType<>(
                        expected(most), BigDecimal.ZERO, scalar -> amount(scalar.text(), most))
                .as(new Form.NumberOrText(AMOUNT.pattern()));
    }

    /// More than zero.
    static ValueType<BigDecimal> spending(int most) {
        return new ValueType<>(
                        expected(most) + ", above 0",
                        BigDecimal.ONE,
                        scalar -> amount(scalar.text(), most).filter(given -> given.signum() > 0))
                .as(new Form.NumberOrText(AMOUNT.pattern()));
    }

    private static String expected(int most) {
        return "an amount such as 20 or 0.075, at most %d, with at most %d digits after the point"
                .formatted(most, DIGITS);
    }

    private static Optional<BigDecimal> amount(String text, int most) {
        return Optional.of(text)
                .filter(given -> AMOUNT.matcher(given).matches())
                .map(BigDecimal::new)
                .filter(amount -> amount.compareTo(BigDecimal.valueOf(most)) <= 0);
    }

    static ValueType<ZoneId> zone() {
        return new ValueType<>(
                        "a time zone such as UTC, Europe/Berlin or +05:30",
                        ZoneOffset.UTC,
                        scalar -> {
                            try {
                                return Optional.of(ZoneId.of(scalar.text()));
                            } catch (DateTimeException _) {
                                return Optional.empty();
                            }
                        })
                .as(new Form.Text(100, "[A-Za-z0-9+-][A-Za-z0-9~/._+:-]*"));
    }
}
