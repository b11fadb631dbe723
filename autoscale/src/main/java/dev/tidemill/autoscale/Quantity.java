package dev.tidemill.autoscale;

import java.math.BigDecimal;
import java.math.RoundingMode;

/// Kubernetes' way of writing amounts: `1500m`, `12345678n`, `128974848`, `129M`, `123Mi`, `1e3`.
public final class Quantity {
    private static final String DECIMAL = "numkMGTPE";
    private static final double[] POWERS = {1e-9, 1e-6, 1e-3, 1e3, 1e6, 1e9, 1e12, 1e15, 1e18};
    private static final String BINARY = "KMGTPE";

    private Quantity() {}

    /// To a thousandth, which is as fine as Kubernetes compares metrics: `1500m`, `42`.
    ///
    /// @param value any finite number
    public static String of(double value) {
        BigDecimal number = new BigDecimal(value).setScale(3, RoundingMode.HALF_UP);
        BigDecimal whole = number.setScale(0, RoundingMode.DOWN);
        return number.compareTo(whole) == 0
                ? whole.toPlainString()
                : number.movePointRight(3).toBigInteger() + "m";
    }

    /// @return not-a-number for anything else
    public static double parse(String text) {
        int end = text.length();
        double unit = 1;
        if (text.endsWith("i") && end >= 2) {
            int power = BINARY.indexOf(text.charAt(end - 2));
            if (power < 0) {
                return Double.NaN;
            }
            unit = Math.pow(1024, power + 1);
            end -= 2;
        } else if (end > 0 && DECIMAL.indexOf(text.charAt(end - 1)) >= 0) {
            unit = POWERS[DECIMAL.indexOf(text.charAt(end - 1))];
            end -= 1;
        }
        String number = text.substring(0, end);
        if (!number.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?")) {
            return Double.NaN;
        }
        return Double.parseDouble(number) * unit;
    }
}
