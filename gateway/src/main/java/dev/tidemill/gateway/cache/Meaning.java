package dev.tidemill.gateway.cache;

import java.util.Arrays;

/// The embedding of a question's last message, and what stands around that message.
///
/// @param vector of length 1
@SuppressWarnings("ArrayRecordComponent") // Compared by similarity only.
record Meaning(CacheKey around, float[] vector) {
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
        return new Meaning(around, vector);
    }

    /// The cosine; -1 for vectors of different lengths, which two models made.
    double similarity(Meaning other) {
        float[] a = vector;
        float[] b = other.vector;
        if (a.length != b.length) {
            return -1;
        }
        // Four sums do not wait for one another.
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        int i = 0;
        for (; i + 3 < a.length; i += 4) {
            s0 += a[i] * b[i];
            s1 += a[i + 1] * b[i + 1];
            s2 += a[i + 2] * b[i + 2];
            s3 += a[i + 3] * b[i + 3];
        }
        for (; i < a.length; i++) {
            s0 += a[i] * b[i];
        }
        return (double) s0 + s1 + s2 + s3;
    }

    long bytes() {
        return 4L * vector.length + 64;
    }
}
