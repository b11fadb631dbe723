package dev.tidemill.autoscale;

/// Kubernetes' way of writing amounts: `1500m`, `12345678n`, `128974848`, `129M`, `123Mi`, `1e3`.
final class Quantity {
    private static final String DECIMAL = "numkMGTPE";
    private static final double[] POWERS = {1e-9, 1e-6, 1e-3, 1e3, 1e6, 1e9, 1e12, 1e15, 1e18};
    private static final String BINARY = "KMGTPE";

    private Quantity() {}

    /// @return not-a-number for anything else
    static double parse(String text) {
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
