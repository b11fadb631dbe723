package dev.tidemill.server.functions.jpeg;

/// Brightness and two colours to red, green and blue (JFIF 1.02), in whole numbers as libjpeg
/// rounds them.
final class Colours {
    private static final int BITS = 16;
    private static final int HALF = 1 << (BITS - 1);
    private static final int GREY = 128;
    private static final int RED = fixed(1.402);
    private static final int BLUE = fixed(1.772);
    private static final int GREEN_OF_BLUE = fixed(0.34414);
    private static final int GREEN_OF_RED = fixed(0.71414);

    private Colours() {}

    /// @param rows one for each component, changed in place
    static void toRgb(int[][] rows, int width) {
        for (int x = 0; x < width; x++) {
            int y = rows[0][x];
            int blue = rows[1][x] - GREY;
            int red = rows[2][x] - GREY;
            rows[0][x] = within(y + ((RED * red + HALF) >> BITS));
            rows[1][x] = within(y + ((HALF - GREEN_OF_BLUE * blue - GREEN_OF_RED * red) >> BITS));
            rows[2][x] = within(y + ((BLUE * blue + HALF) >> BITS));
        }
    }

    private static int within(int value) {
        return Math.clamp(value, 0, 255);
    }

    private static int fixed(double value) {
        return (int) (value * (1 << BITS) + 0.5);
    }
}
