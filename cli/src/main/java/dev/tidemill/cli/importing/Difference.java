package dev.tidemill.cli.importing;

/// How far the ONNX model's output is from the original's, for one batch.
///
/// @param elements how many values were compared
/// @param maxAbs largest |a - b|
/// @param maxRel largest |a - b| / |b|, large where b is near 0
/// @param worst largest |a - b| / max(1, |b|), what the tolerance is for
/// @param mismatches whole numbers and texts that are not equal, values where one is NaN or
///   infinite
/// @param shapes both shapes when they are not the same, else empty
record Difference(
        String output,
        int batch,
        long elements,
        double maxAbs,
        double maxRel,
        double worst,
        long mismatches,
        String shapes) {}
