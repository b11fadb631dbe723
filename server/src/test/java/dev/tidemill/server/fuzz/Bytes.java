package dev.tidemill.server.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/// Changes of bytes that know nothing of what the bytes mean.
public final class Bytes {
    private static final byte[][] BROKEN_UTF8 = {
        {(byte) 0xe2, (byte) 0x82}, // the beginning of three bytes
        {(byte) 0xf0, (byte) 0x9f}, // of four
        {(byte) 0xc0, (byte) 0xaf}, // longer than it must be
        {(byte) 0xed, (byte) 0xa0, (byte) 0x80}, // half a pair
        {(byte) 0xff},
        {(byte) 0x80},
        {(byte) 0xef, (byte) 0xbb, (byte) 0xbf}, // a byte order mark
        {0}
    };

    private Bytes() {}

    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// With what lies between replaced.
    public static byte[] replace(byte[] bytes, int from, int to, byte[] piece) {
        byte[] result = new byte[bytes.length - (to - from) + piece.length];
        System.arraycopy(bytes, 0, result, 0, from);
        System.arraycopy(piece, 0, result, from, piece.length);
        System.arraycopy(bytes, to, result, from + piece.length, bytes.length - to);
        return result;
    }

    public static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    public static byte[] repeat(byte[] bytes, int times) {
        return join(java.util.Collections.nCopies(times, bytes).toArray(byte[][]::new));
    }

    /// One change at random.
    public static byte[] change(byte[] bytes, SplittableRandom random) {
        int at = random.nextInt(bytes.length + 1);
        int to = at + random.nextInt(Math.min(8, bytes.length - at) + 1);
        return switch (random.nextInt(7)) {
            case 0 -> flipped(bytes, at, random);
            case 1 -> replace(bytes, at, to, new byte[] {(byte) random.nextInt(256)});
            case 2 -> Arrays.copyOf(bytes, at);
            case 3 -> replace(bytes, at, to, new byte[0]);
            case 4 -> {
                int from = random.nextInt(at + 1);
                yield replace(bytes, at, at, Arrays.copyOfRange(bytes, from, at));
            }
            case 5 -> replace(bytes, at, at, BROKEN_UTF8[random.nextInt(BROKEN_UTF8.length)]);
            default -> replace(bytes, at, to, new byte[] {(byte) (random.nextBoolean() ? -1 : 0)});
        };
    }

    private static byte[] flipped(byte[] bytes, int at, SplittableRandom random) {
        if (at == bytes.length) {
            return bytes;
        }
        byte[] flipped = bytes.clone();
        flipped[at] ^= (byte) (1 << random.nextInt(8));
        return flipped;
    }

    /// As text where it can be shown.
    public static String shown(byte[] bytes) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < Math.min(bytes.length, 4_000); i++) {
            int b = bytes[i] & 0xff;
            if (b >= 0x20 && b < 0x7f) {
                shown.append((char) b);
            } else {
                shown.append("\\x%02x".formatted(b));
            }
        }
        return shown + (bytes.length > 4_000 ? "... (" + bytes.length + " bytes)" : "");
    }
}
