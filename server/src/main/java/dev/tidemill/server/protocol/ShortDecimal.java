package dev.tidemill.server.protocol;

/// Decimals of few digits, which one division reads exactly: digits below 2^53 and powers of ten up
/// to 10^22 are doubles without rounding, so their quotient is the nearest double (Clinger, "How to
/// read floating point numbers accurately", 1990). Most numbers in requests are such, and the
/// platform's parser takes several times as long.
public final class ShortDecimal {
    /// A sign, a point and so many digits can be longer than what is exact, not than a long.
    public static final int MOST_CHARACTERS = 18;

    private static final double[] POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18
    };

    private static final long EXACT = 1L << 53;

    /// The bits of a double that a float has no room for, and the value of them half way between
    /// two floats.
    private static final long BELOW_FLOAT = (1L << 29) - 1;

    private static final long HALF_WAY = 1L << 28;

    private ShortDecimal() {}

    /// Whether the division is exact.
    ///
    /// @param characters of the number with sign and point
    /// @param digits of the number without point
    public static boolean isExact(int characters, long digits) {
        return characters <= MOST_CHARACTERS && digits < EXACT;
    }

    /// @param scale digits behind the point
    public static double of(long digits, int scale) {
        return digits / POWERS[scale];
    }

    /// Whether rounding the double, which was rounded itself, gives the float nearest to the
    /// number.
    ///
    /// @param magnitude without sign
    public static boolean isNearestFloat(double magnitude) {
        return magnitude == 0
                || (magnitude >= Float.MIN_NORMAL
                        && magnitude < Float.MAX_VALUE
                        && (Double.doubleToRawLongBits(magnitude) & BELOW_FLOAT) != HALF_WAY);
    }

    /// Reads a JSON number.
    ///
    /// @return NaN when it is not one that a division reads
    public static double parse(char[] text, int from, int length) {
        if (length > MOST_CHARACTERS) {
            return Double.NaN;
        }
        int end = from + length;
        boolean negative = length > 0 && text[from] == '-';
        long digits = 0;
        int point = end - 1;
        for (int at = negative ? from + 1 : from; at < end; at++) {
            int digit = text[at] - '0';
            if (digit >= 0 && digit <= 9) {
                digits = 10 * digits + digit;
            } else if (text[at] == '.') {
                point = at;
            } else {
                return Double.NaN;
            }
        }
        if (digits >= EXACT) {
            return Double.NaN;
        }
        double magnitude = of(digits, end - 1 - point);
        return negative ? -magnitude : magnitude;
    }
}
