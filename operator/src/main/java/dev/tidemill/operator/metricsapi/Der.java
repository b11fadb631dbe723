package dev.tidemill.operator.metricsapi;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// As much of ASN.1's DER as a certificate needs.
final class Der {
    private static final int CONTEXT = 0x80;
    private static final int CONSTRUCTED = 0x20;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Der() {}

    static byte[] sequence(byte[]... parts) {
        return element(0x30, parts);
    }

    static byte[] set(byte[]... parts) {
        return element(0x31, parts);
    }

    static byte[] integer(BigInteger value) {
        return element(0x02, value.toByteArray());
    }

    static byte[] yes() {
        return element(0x01, new byte[] {(byte) 0xff});
    }

    static byte[] octets(byte[] content) {
        return element(0x04, content);
    }

    /// Whole bytes.
    static byte[] bits(byte[] content) {
        return element(0x03, new byte[] {0}, content);
    }

    /// The highest of one byte's bits.
    static byte[] flags(int unused, int bits) {
        return element(0x03, new byte[] {(byte) unused, (byte) bits});
    }

    static byte[] text(String utf8) {
        return element(0x0c, utf8.getBytes(StandardCharsets.UTF_8));
    }

    /// A time with four digits of the year, which X.509 wants from 2050 on; earlier years have two.
    static byte[] time(Instant at) {
        String text = TIME.format(at);
        return text.compareTo("2050") < 0
                ? element(0x17, text.substring(2).getBytes(StandardCharsets.US_ASCII))
                : element(0x18, text.getBytes(StandardCharsets.US_ASCII));
    }

    /// `[n]` around other elements.
    static byte[] tagged(int number, byte[]... parts) {
        return element(CONTEXT | CONSTRUCTED | number, parts);
    }

    /// `[n]` in the place of a text's own tag.
    static byte[] taggedText(int number, String ascii) {
        return element(CONTEXT | number, ascii.getBytes(StandardCharsets.US_ASCII));
    }

    /// @param dotted such as `2.5.29.17`
    static byte[] id(String dotted) {
        String[] numbers = dotted.split("\\.", -1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(40 * Integer.parseInt(numbers[0]) + Integer.parseInt(numbers[1]));
        for (int i = 2; i < numbers.length; i++) {
            int number = Integer.parseInt(numbers[i]);
            for (int shift = 28; shift > 0; shift -= 7) {
                if (number >> shift != 0) {
                    out.write(0x80 | (number >> shift & 0x7f));
                }
            }
            out.write(number & 0x7f);
        }
        return element(0x06, out.toByteArray());
    }

    private static byte[] element(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + 4);
        out.write(tag);
        if (length < 0x80) {
            out.write(length);
        } else if (length < 0x100) {
            out.write(0x81);
            out.write(length);
        } else {
            out.write(0x82);
            out.write(length >> 8);
            out.write(length);
        }
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
