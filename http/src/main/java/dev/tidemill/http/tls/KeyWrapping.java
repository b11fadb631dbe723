package dev.tidemill.http.tls;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;

/// Wraps private keys in the older forms (PKCS #1 and SEC 1, which `openssl` and cert-manager
/// write) into the one that Java reads (PKCS #8).
final class KeyWrapping {
    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    private static final int CURVE = 0xa0;
    private static final byte[] VERSION = {2, 1, 0};

    /// `rsaEncryption` without parameters.
    private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");

    /// `ecPublicKey`; which curve follows.
    private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");

    private KeyWrapping() {}

    static byte[] rsa(byte[] key) {
        return element(SEQUENCE, VERSION, RSA, element(OCTETS, key));
    }

    static byte[] ec(byte[] key) {
        return element(SEQUENCE, VERSION, element(SEQUENCE, EC, curve(key)), element(OCTETS, key));
    }

    /// SEQUENCE { version, OCTET STRING, [0] { curve }, ... }: the third of them.
    private static byte[] curve(byte[] key) {
        try {
            int at = contents(key, 0);
            while (at < key.length) {
                int begin = contents(key, at);
                int length = length(key, at);
                if ((key[at] & 0xff) == CURVE) {
                    byte[] curve = new byte[length];
                    System.arraycopy(key, begin, curve, 0, length);
                    return curve;
                }
                at = begin + length;
            }
        } catch (IndexOutOfBoundsException e) {
            // It is cut off.
        }
        throw new TidemillException(
                ErrorCode.INVALID_SPEC, "tls.key: 'broken' (expected: an EC key with its curve)");
    }

    private static int contents(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        return at + 2 + (first < 0x80 ? 0 : first - 0x80);
    }

    private static int length(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        if (first < 0x80) {
            return first;
        }
        int length = 0;
        for (int i = 0; i < first - 0x80; i++) {
            length = length << 8 | (der[at + 2 + i] & 0xff);
        }
        return length;
    }

    private static byte[] element(int tag, byte[]... contents) {
        ByteArrayOutputStream inner = new ByteArrayOutputStream();
        for (byte[] part : contents) {
            inner.writeBytes(part);
        }
        int length = inner.size();
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.write(tag);
        if (length < 0x80) {
            whole.write(length);
        } else if (length < 0x100) {
            whole.write(0x81);
            whole.write(length);
        } else {
            whole.write(0x82);
            whole.write(length >> 8);
            whole.write(length);
        }
        whole.writeBytes(inner.toByteArray());
        return whole.toByteArray();
    }
}
