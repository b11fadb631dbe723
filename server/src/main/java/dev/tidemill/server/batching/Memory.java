package dev.tidemill.server.batching;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Native memory for the inputs of one run at a time, kept between runs: fresh native memory costs
/// more than small models do. Not thread-safe.
final class Memory {
    private static final int ALIGNMENT = 64;

    /// More than this is given back after the run.
    private static final int KEPT = 4 << 20;

    private ByteBuffer block = ByteBuffer.allocateDirect(4096);

    void clear() {
        if (block.capacity() > KEPT) {
            block = ByteBuffer.allocateDirect(4096);
        }
        block.clear();
    }

    /// A part of the block, valid until [#clear]; parts taken before stay valid.
    ByteBuffer take(int bytes) {
        if (block.remaining() < bytes) {
            block = ByteBuffer.allocateDirect(Math.max(2 * block.capacity(), bytes + ALIGNMENT));
        }
        ByteBuffer part = block.slice(block.position(), bytes).order(ByteOrder.LITTLE_ENDIAN);
        int used = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        block.position(Math.min(block.limit(), block.position() + used));
        return part;
    }
}
