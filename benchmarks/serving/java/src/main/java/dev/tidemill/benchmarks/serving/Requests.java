package dev.tidemill.benchmarks.serving;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/// Prepared requests. The file: their number, then each one's length and bytes, big-endian. For HTTP
/// a request is everything that goes over the wire; for gRPC it is the length-prefixed message.
final class Requests {
    private final byte[][] all;

    private Requests(byte[][] all) {
        this.all = all;
    }

    static Requests read(Path file) throws IOException {
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            byte[][] all = new byte[in.readInt()][];
            for (int i = 0; i < all.length; i++) {
                all[i] = in.readNBytes(in.readInt());
            }
            return new Requests(all);
        }
    }

    int count() {
        return all.length;
    }

    /// Direct, so that a write copies nothing.
    ByteBuffer[] direct() {
        ByteBuffer[] buffers = new ByteBuffer[all.length];
        for (int i = 0; i < all.length; i++) {
            buffers[i] = ByteBuffer.allocateDirect(all[i].length).put(all[i]).flip();
        }
        return buffers;
    }
}
