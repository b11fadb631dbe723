package dev.tidemill.spec;

/// Hashed character n-grams, as a file declares them.
///
/// @param minGram shortest n-gram, in code points
/// @param maxGram longest n-gram, in code points
/// @param buckets length of the vector, a power of two
/// @param maxLength code points after which text is cut
public record TextFeaturesSpec(int minGram, int maxGram, int buckets, int maxLength) {}
