package dev.tidemill.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/// Unpacks `deflate`. The standard means zlib's wrapping; clients that send the bare stream are
/// told apart by its first two bytes.
final class Deflated extends InflaterInputStream {
    private static final int METHOD_DEFLATE = 8;

    private Deflated(InputStream in, Inflater inflater) {
        super(in, inflater, 8 * 1024);
    }

    static Deflated open(InputStream in) throws IOException {
        byte[] head = in.readNBytes(2);
        PushbackInputStream all = new PushbackInputStream(in, 2);
        all.unread(head);
        return new Deflated(all, new Inflater(!isWrapped(head)));
    }

    @Override
    public void close() throws IOException {
        try {
            super.close();
        } finally {
            inf.end();
        }
    }

    private static boolean isWrapped(byte[] head) {
        int value = head.length < 2 ? 0 : ((head[0] & 0xff) << 8) | (head[1] & 0xff);
        return ((value >> 8) & 0x0f) == METHOD_DEFLATE && value % 31 == 0;
    }
}
