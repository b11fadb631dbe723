package dev.tidemill.gateway.cache;

import java.util.Arrays;

/// The embedding of a question's last message, and what stands around that message.
///
/// @param vector of length 1
/// @param sketch of it
@SuppressWarnings("ArrayRecordComponent") // Compared by similarity only.
record Meaning(CacheKey around, float[] vector, Sketch sketch) {
    /// Numbers that are looked at before it is asked whether that is enough.
    private static final int AT_ONCE = 32;

    /// What sums of floats may be wrong by.
    private static final double ROUNDING = 1e-5;

    /// @throws IllegalArgumentException for one without a direction
    static Meaning of(CacheKey around, float[] embedding) {
        double square = 0;
        for (float x : embedding) {
            square += (double) x * x;
        }
        double length = Math.sqrt(square);
        if (!(length > 0) || Double.isInfinite(length)) {
            throw new IllegalArgumentException("the embedding has no direction");
        }
        float[] vector = Arrays.copyOf(embedding, embedding.length);
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) (vector[i] / length);
        }
        return new Meaning(around, vector, Sketch.of(vector));
    }

    /// The cosine where it is at least that, otherwise something less; for vectors of different
    /// lengths, which two models made, -1.
    ///
    /// Of vectors of length 1 the square of the distance is 2 - 2 cos, and grows with every number
    /// that is looked at: a stranger is known for one after a few of them.
    double similarity(Meaning other, double least) {
        float[] a = vector;
        float[] b = other.vector;
        if (a.length != b.length) {
            return -1;
        }
        double most = 2 - 2 * least + ROUNDING;
        double square = 0;
        int from = 0;
        for (; from + AT_ONCE <= a.length; from += AT_ONCE) {
            square += distance(a, b, from, from + AT_ONCE);
            if (square > most) {
                return -1;
            }
        }
        square += distance(a, b, from, a.length);
        return 1 - square / 2;
    }

    /// The square of it, of these numbers.
    private static float distance(float[] a, float[] b, int from, int to) {
        // Four sums do not wait for one another.
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        int i = from;
        for (; i + 3 < to; i += 4) {
            float d0 = a[i] - b[i];
            float d1 = a[i + 1] - b[i + 1];
            float d2 = a[i + 2] - b[i + 2];
            float d3 = a[i + 3] - b[i + 3];
            s0 += d0 * d0;
            s1 += d1 * d1;
            s2 += d2 * d2;
            s3 += d3 * d3;
        }
        for (; i < to; i++) {
            float d = a[i] - b[i];
            s0 += d * d;
        }
        return s0 + s1 + (s2 + s3);
    }

    long bytes() {
        return 4L * vector.length + 128;
    }
}
