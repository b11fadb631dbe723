package dev.tidemill.benchmarks.serving;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// A fair sample of the answers of a cell, for the check of their numbers afterwards.
final class Samples {
    private static final int LIMIT = 200;
    private static final long LIMIT_BYTES = 16L << 20;

    private final SplittableRandom random = new SplittableRandom(7);
    private final List<Sample> kept = new ArrayList<>();
    private long seen;

    @SuppressWarnings("ArrayRecordComponent")
    private record Sample(int variant, byte[] body) {}

    void offer(int variant, byte[] body, int from, int length) {
        seen++;
        long limit = Math.clamp(LIMIT_BYTES / Math.max(1, length), 1, LIMIT);
        if (kept.size() < limit) {
            kept.add(new Sample(variant, Arrays.copyOfRange(body, from, from + length)));
            return;
        }
        long at = random.nextLong(seen);
        if (at < kept.size()) {
            kept.set(
                    (int) at, new Sample(variant, Arrays.copyOfRange(body, from, from + length)));
        }
    }

    /// Number, then each one's variant, length and bytes.
    void write(Path file) throws IOException {
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
            out.writeInt(kept.size());
            for (Sample sample : kept) {
                out.writeInt(sample.variant());
                out.writeInt(sample.body().length);
                out.write(sample.body());
            }
        }
    }
}
