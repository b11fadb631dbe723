package dev.tidemill.scaling.hpa;

/// Conversions as the controller's compiled code does them, where Java's differ.
final class Go {
    private static final double TWO_TO_63 = 0x1p63;

    private Go() {}

    /// `int32(x)`: by way of 64 bits, cut to the low 32. Not a number and what is too large for 64
    /// bits become the smallest 64-bit number, whose low half is zero.
    static int int32(double x) {
        return Double.isNaN(x) || Math.abs(x) >= TWO_TO_63 ? 0 : (int) (long) x;
    }

    /// The guarded conversion of values meant for a whole workload: at most the largest count.
    static int int32AtMost(double x) {
        return x > Integer.MAX_VALUE ? Integer.MAX_VALUE : int32(x);
    }

    /// A sum that stops at the largest number, as sums over an external metric's series do.
    static long saturatedSum(Iterable<Long> values) {
        long sum = 0;
        for (long value : values) {
            long next = sum + value;
            boolean overflow = ((sum ^ next) & (value ^ next)) < 0;
            sum = overflow ? (value > 0 ? Long.MAX_VALUE : Long.MIN_VALUE) : next;
        }
        return sum;
    }
}
