package dev.tidemill.server.protocol.tfserving;

import static dev.tidemill.server.protocol.tfserving.PredictReaderTest.utf8;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/// Documents with a few things changed at random. `-Dtidemill.fuzz=1000000` makes more of them.
public record Mutants(List<byte[]> originals, int count) {
    private static final List<String> PIECES =
            List.of(
                    "null",
                    "-1",
                    "1e999",
                    "[[[",
                    "]]",
                    "\"\"",
                    "{}",
                    "[]",
                    "NaN",
                    "-Infinity",
                    "{\"b64\":\"YQ\"}",
                    "\"b64\":",
                    "1.0",
                    "true",
                    "18446744073709551616",
                    "\\u0000",
                    "\"instances\":",
                    "\"inputs\":",
                    "\"x\":");

    public static Mutants of(String... originals) {
        return new Mutants(
                Arrays.stream(originals)
                        .map(text -> text.getBytes(StandardCharsets.UTF_8))
                        .toList(),
                Integer.getInteger("tidemill.fuzz", 20_000));
    }

    /// One of so many.
    public Mutants fewer(int divisor) {
        return new Mutants(originals, count / divisor);
    }

    /// @param check fails for a mutant that is not treated as it should
    public void forEach(Consumer<byte[]> check) {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < count; i++) {
            byte[] mutant = originals.get(random.nextInt(originals.size()));
            for (int change = random.nextInt(3); change >= 0; change--) {
                mutant = change(mutant, random);
            }
            try {
                check.accept(mutant);
            } catch (RuntimeException | AssertionError | StackOverflowError e) {
                throw new AssertionError(
                        "seed " + seed + ": " + new String(mutant, StandardCharsets.UTF_8), e);
            }
        }
    }

    private static byte[] change(byte[] original, Random random) {
        int at = random.nextInt(original.length + 1);
        int cut = random.nextInt(Math.min(8, original.length - at) + 1);
        byte[] piece =
                switch (random.nextInt(6)) {
                    case 0 -> new byte[] {(byte) random.nextInt(256)};
                    case 1 -> new byte[0];
                    case 2 -> utf8("[]{},:\"0-e.".substring(random.nextInt(10)));
                    case 3 -> utf8(PIECES.get(random.nextInt(PIECES.size())));
                    case 4 -> Arrays.copyOfRange(original, random.nextInt(at + 1), at);
                    default -> utf8(String.valueOf(random.nextLong()));
                };
        ByteArrayOutputStream changed = new ByteArrayOutputStream();
        changed.write(original, 0, at);
        changed.writeBytes(piece);
        changed.write(original, at + cut, original.length - at - cut);
        return changed.toByteArray();
    }
}
