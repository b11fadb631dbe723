package dev.tidemill.runtimes.spi;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;

/// Text as a vector: hashed character n-grams. The definition travels with the model version and
/// this class is the only code that reads it, in training and in serving.
///
/// The text is NFKC-normalised, lower-cased (root locale), runs of white space become one space,
/// one space is put before and after, and it is cut to `maxLength` code points. Every n-gram of
/// `minGram` to `maxGram` code points adds 1 to bucket `hash(n-gram) mod buckets`; the counts go
/// through `1 + ln(count)` and the vector is scaled to length 1. The hash is 32-bit FNV-1a over the
/// n-gram's UTF-8 bytes, finished by the MurmurHash3 avalanche.
///
/// @param minGram shortest n-gram, in code points
/// @param maxGram longest n-gram, in code points
/// @param buckets length of the vector, a power of two
/// @param maxLength code points after which text is cut
public record TextFeatures(int minGram, int maxGram, int buckets, int maxLength) {
    /// The input that models with text features take.
    public static final String INPUT = "text";

    public TextFeatures {
        require("features.ngrams.min", minGram, 1, 8);
        require("features.ngrams.max", maxGram, minGram, 8);
        require("features.buckets", buckets, 64, 1 << 18);
        require("features.maxLength", maxLength, 1, 100_000);
        if (Integer.bitCount(buckets) != 1) {
            throw new IllegalArgumentException(
                    "features.buckets: '%d' (expected: a power of two)".formatted(buckets));
        }
    }

    /// The vector of one text, `buckets` long. Empty and all-blank texts give the single-space
    /// n-gram only; the result is never NaN.
    public float[] vector(String text) {
        int[] points = normalise(text).codePoints().limit(maxLength).toArray();
        float[] vector = new float[buckets];
        for (int start = 0; start < points.length; start++) {
            int longest = Math.min(maxGram, points.length - start);
            for (int length = minGram; length <= longest; length++) {
                vector[hash(points, start, length) & (buckets - 1)]++;
            }
        }
        return scaled(vector);
    }

    private static String normalise(String text) {
        String folded =
                Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT).strip();
        return " " + folded.replaceAll("\\s+", " ") + " ";
    }

    private static float[] scaled(float[] vector) {
        double squares = 0;
        for (int i = 0; i < vector.length; i++) {
            if (vector[i] > 0) {
                vector[i] = (float) (1 + Math.log(vector[i]));
                squares += (double) vector[i] * vector[i];
            }
        }
        if (squares > 0) {
            float factor = (float) (1 / Math.sqrt(squares));
            for (int i = 0; i < vector.length; i++) {
                vector[i] *= factor;
            }
        }
        return vector;
    }

    private static int hash(int[] points, int start, int length) {
        int hash = 0x811c9dc5;
        byte[] bytes = new String(points, start, length).getBytes(StandardCharsets.UTF_8);
        for (byte b : bytes) {
            hash = (hash ^ (b & 0xff)) * 0x01000193;
        }
        hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
        return hash ^ (hash >>> 16);
    }

    private static void require(String what, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    "%s: '%d' (expected: %d to %d)".formatted(what, value, min, max));
        }
    }
}
