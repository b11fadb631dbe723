package dev.tidemill.gateway.cache;

import java.util.SplittableRandom;

/// 256 bits of a vector, each of which side of a plane it is on: two vectors differ in about as
/// many of 256 as their angle is of half a turn (Charikar, Similarity estimation techniques from
/// rounding algorithms, 2002). The planes are as good as random; they come of two rounds of random
/// signs and Hadamard's transformation, which takes n log n steps instead of 256 n.
record Sketch(long a, long b, long c, long d) {
    static final int WORDS = 4;
    private static final int BITS = 64 * WORDS;

    /// Longer vectors are folded.
    private static final int LONGEST = 8192;

    /// That many standard deviations: one of a billion is not found although it is near enough.
    private static final double SURE = 6;

    private static final boolean[] FIRST = signs(1);
    private static final boolean[] SECOND = signs(2);

    static Sketch of(float[] vector) {
        int n = BITS;
        while (n < vector.length && n < LONGEST) {
            n *= 2;
        }
        float[] x = new float[n];
        for (int i = 0; i < vector.length; i++) {
            int to = i & (n - 1);
            x[to] += FIRST[i & (LONGEST - 1)] ? vector[i] : -vector[i];
        }
        transform(x);
        for (int i = 0; i < n; i++) {
            x[i] = SECOND[i] ? x[i] : -x[i];
        }
        transform(x);
        return new Sketch(word(x, 0), word(x, 64), word(x, 128), word(x, 192));
    }

    /// In how many bits two vectors differ at most that have at least that cosine.
    static int mostApart(double cosine) {
        double part = Math.acos(Math.clamp(cosine, -1, 1)) / Math.PI;
        double spread = Math.sqrt(BITS * part * (1 - part));
        return (int) Math.ceil(BITS * part + SURE * spread + SURE);
    }

    /// In how many bits this differs from the one that is kept there.
    int apart(long[] kept, int at) {
        return Long.bitCount(a ^ kept[at])
                + Long.bitCount(b ^ kept[at + 1])
                + Long.bitCount(c ^ kept[at + 2])
                + Long.bitCount(d ^ kept[at + 3]);
    }

    void keep(long[] kept, int at) {
        kept[at] = a;
        kept[at + 1] = b;
        kept[at + 2] = c;
        kept[at + 3] = d;
    }

    private static long word(float[] x, int from) {
        long word = 0;
        for (int i = 0; i < 64; i++) {
            word |= (x[from + i] > 0 ? 1L : 0L) << i;
        }
        return word;
    }

    /// Walsh and Hadamard's, in place.
    private static void transform(float[] x) {
        for (int half = 1; half < x.length; half *= 2) {
            for (int from = 0; from < x.length; from += 2 * half) {
                for (int i = from; i < from + half; i++) {
                    float one = x[i];
                    float other = x[i + half];
                    x[i] = one + other;
                    x[i + half] = one - other;
                }
            }
        }
    }

    private static boolean[] signs(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        boolean[] signs = new boolean[LONGEST];
        for (int i = 0; i < LONGEST; i++) {
            signs[i] = random.nextBoolean();
        }
        return signs;
    }
}
