package dev.tidemill.server.protocol.tfserving;

import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.server.protocol.ShortDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import tools.jackson.core.StreamReadConstraints;

/// Reads JSON numbers out of bytes into a column: short ones by a division, all others through the
/// platform's own parser.
final class PlainNumber {
    static final int NONE = -1;

    private static final int MOST_DIGITS = 18;
    private static final int LONGEST = StreamReadConstraints.DEFAULT_MAX_NUM_LEN;
    private static final byte[] NAN = {'N', 'a', 'N'};
    private static final byte[] INFINITY = {'I', 'n', 'f', 'i', 'n', 'i', 't', 'y'};

    private final byte[] body;
    private final Column column;
    private final DataType type;

    PlainNumber(byte[] body, Column column) {
        this.body = body;
        this.column = column;
        this.type = column.spec().type();
    }

    /// @return where the number ends, or [#NONE] when there is no plain number, or none of the
    ///   column's type
    int read(int begin) {
        byte[] bytes = body;
        boolean negative = begin < bytes.length && bytes[begin] == '-';
        int first = negative ? begin + 1 : begin;
        int at = first;
        long digits = 0;
        int digit;
        while (at < bytes.length && (digit = bytes[at] - '0') >= 0 && digit <= 9) {
            digits = 10 * digits + digit;
            at++;
        }
        if (at == first) {
            return word(begin, at, negative);
        }
        if (bytes[first] == '0' && at > first + 1) {
            return NONE;
        }
        byte next = byteAt(at);
        if (next == '.' || next == 'e' || next == 'E') {
            return fraction(begin, at, digits, negative);
        }
        // 19 digits fit or turn the sign; more may do anything.
        boolean fits = at - first <= MOST_DIGITS + 1 && digits >= 0;
        return fits && add(negative ? -digits : digits) ? at : NONE;
    }

    /// @param point where the integer part ends
    /// @param integer its digits, wrong when there are too many
    private int fraction(int begin, int point, long integer, boolean negative) {
        byte[] bytes = body;
        int at = point;
        long digits = integer;
        if (bytes[at] == '.') {
            at++;
            int digit;
            while (at < bytes.length && (digit = bytes[at] - '0') >= 0 && digit <= 9) {
                digits = 10 * digits + digit;
                at++;
            }
            if (at == point + 1) {
                return NONE;
            }
        }
        int scale = Math.max(0, at - point - 1);
        boolean quick = ShortDecimal.isExact(at - begin, digits);
        if (isExponent(at)) {
            quick = false;
            at = exponent(at);
        }
        boolean added =
                at != NONE
                        && (quick
                                ? quotient(begin, at, ShortDecimal.of(digits, scale), negative)
                                : parsed(begin, at));
        return added ? at : NONE;
    }

    private boolean add(long value) {
        column.add(value);
        return true;
    }

    /// @param magnitude rounded once
    private boolean quotient(int begin, int end, double magnitude, boolean negative) {
        double value = negative ? -magnitude : magnitude;
        if (type == DataType.FP64) {
            column.add(value);
            return true;
        }
        if (type == DataType.FP32 && ShortDecimal.isNearestFloat(magnitude)) {
            column.add((float) value);
            return true;
        }
        return parsed(begin, end);
    }

    private boolean parsed(int begin, int end) {
        if (end - begin > LONGEST) {
            return false;
        }
        String text = new String(body, begin, end - begin, StandardCharsets.ISO_8859_1);
        if (type == DataType.FP64) {
            double value = Double.parseDouble(text);
            column.add(value);
            return !Double.isInfinite(value);
        }
        if (type == DataType.FP32) {
            float value = Float.parseFloat(text);
            column.add(value);
            return !Float.isInfinite(value);
        }
        return false;
    }

    /// NaN and infinity.
    private int word(int begin, int at, boolean negative) {
        if (type != DataType.FP32 && type != DataType.FP64) {
            return NONE;
        }
        if (!negative && isWord(NAN, begin)) {
            column.add(Float.NaN);
            return begin + NAN.length;
        }
        if (isWord(INFINITY, at)) {
            column.add(negative ? Float.NEGATIVE_INFINITY : Float.POSITIVE_INFINITY);
            return at + INFINITY.length;
        }
        return NONE;
    }

    private boolean isWord(byte[] word, int at) {
        return at + word.length <= body.length
                && Arrays.equals(word, 0, word.length, body, at, at + word.length);
    }

    private boolean isExponent(int at) {
        return byteAt(at) == 'e' || byteAt(at) == 'E';
    }

    /// @return where it ends, or [#NONE]
    private int exponent(int at) {
        int digit = byteAt(at + 1) == '-' || byteAt(at + 1) == '+' ? at + 2 : at + 1;
        int end = digit;
        while (isDigit(end)) {
            end++;
        }
        return end == digit ? NONE : end;
    }

    private boolean isDigit(int at) {
        byte character = byteAt(at);
        return character >= '0' && character <= '9';
    }

    private byte byteAt(int at) {
        return at < body.length ? body[at] : 0;
    }
}
