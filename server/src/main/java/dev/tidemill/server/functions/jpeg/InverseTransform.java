package dev.tidemill.server.functions.jpeg;

/// The inverse cosine transform of blocks in whole numbers, as libjpeg's accurate one rounds it
/// (Loeffler, Ligtenberg, Moschytz, "Practical fast 1-D DCT algorithms with 11 multiplications",
/// 1989).
final class InverseTransform {
    /// Constants have so many bits behind the point.
    private static final int BITS = 13;

    /// Kept of them between the columns and the rows.
    private static final int KEPT = 2;

    /// The transform multiplies by 8.
    private static final int EIGHT = 3;

    private static final int C0_298 = 2446;
    private static final int C0_390 = 3196;
    private static final int C0_541 = 4433;
    private static final int C0_765 = 6270;
    private static final int C0_899 = 7373;
    private static final int C1_175 = 9633;
    private static final int C1_501 = 12299;
    private static final int C1_847 = 15137;
    private static final int C1_961 = 16069;
    private static final int C2_053 = 16819;
    private static final int C2_562 = 20995;
    private static final int C3_072 = 25172;
    private static final int GREY = 128;

    private final int[] work = new int[Component.BLOCK];

    /// The samples of a component, by rows of `8 * stride`.
    byte[] samples(Component component) throws BrokenJpegException {
        int[] steps = component.steps();
        short[] coefficients = component.coefficients;
        byte[] samples = new byte[coefficients.length];
        int width = component.stride * Component.SIDE;
        for (int block = 0; block < coefficients.length; block += Component.BLOCK) {
            int index = block / Component.BLOCK;
            int at =
                    index / component.stride * Component.SIDE * width
                            + index % component.stride * Component.SIDE;
            block(coefficients, block, steps, samples, at, width);
        }
        return samples;
    }

    private void block(
            short[] coefficients, int block, int[] steps, byte[] samples, int at, int width) {
        for (int i = 0; i < Component.BLOCK; i++) {
            work[i] = coefficients[block + i] * steps[i];
        }
        for (int column = 0; column < Component.SIDE; column++) {
            transform(column, Component.SIDE, BITS - KEPT);
        }
        for (int row = 0; row < Component.SIDE; row++) {
            int from = row * Component.SIDE;
            transform(from, 1, BITS + KEPT + EIGHT);
            for (int x = 0; x < Component.SIDE; x++) {
                samples[at + row * width + x] = (byte) Math.clamp(work[from + x] + GREY, 0, 255);
            }
        }
    }

    /// @param at of the first of eight numbers
    /// @param by how far apart they are
    /// @param shift what is rounded away
    private void transform(int at, int by, int shift) {
        int[] w = work;
        int half = 1 << (shift - 1);
        int a = w[at + 2 * by];
        int b = w[at + 6 * by];
        int turned = (a + b) * C0_541;
        int even2 = turned - b * C1_847;
        int even3 = turned + a * C0_765;
        int even0 = (w[at] + w[at + 4 * by]) << BITS;
        int even1 = (w[at] - w[at + 4 * by]) << BITS;
        int t0 = even0 + even3 + half;
        int t3 = even0 - even3 + half;
        int t1 = even1 + even2 + half;
        int t2 = even1 - even2 + half;

        int o0 = w[at + 7 * by];
        int o1 = w[at + 5 * by];
        int o2 = w[at + 3 * by];
        int o3 = w[at + by];
        int z1 = (o0 + o3) * -C0_899;
        int z2 = (o1 + o2) * -C2_562;
        int z5 = (o0 + o2 + o1 + o3) * C1_175;
        int z3 = (o0 + o2) * -C1_961 + z5;
        int z4 = (o1 + o3) * -C0_390 + z5;
        o0 = o0 * C0_298 + z1 + z3;
        o1 = o1 * C2_053 + z2 + z4;
        o2 = o2 * C3_072 + z2 + z3;
        o3 = o3 * C1_501 + z1 + z4;

        w[at] = (t0 + o3) >> shift;
        w[at + 7 * by] = (t0 - o3) >> shift;
        w[at + by] = (t1 + o2) >> shift;
        w[at + 6 * by] = (t1 - o2) >> shift;
        w[at + 2 * by] = (t2 + o1) >> shift;
        w[at + 5 * by] = (t2 - o1) >> shift;
        w[at + 3 * by] = (t3 + o0) >> shift;
        w[at + 4 * by] = (t3 - o0) >> shift;
    }
}
