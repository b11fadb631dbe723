package dev.tidemill.runtimes.spi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Native memory that tensors are put into for a run and that is kept between runs: asking for
/// fresh native memory costs more than running a small model does. A block belongs to whoever
/// borrowed it until it is given back. Thread-safe.
public final class NativeBlocks {
    private static final int ALIGNMENT = 64;
    private static final int SMALLEST = 4096;

    /// Larger blocks are not kept.
    private static final int LARGEST_KEPT = 4 << 20;

    private static final ByteBuffer NONE = ByteBuffer.allocateDirect(0);

    private final ConcurrentLinkedQueue<ByteBuffer> free = new ConcurrentLinkedQueue<>();

    /// What a part of so many bytes takes of a block.
    public static long room(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /// A block, at its beginning.
    ///
    /// @param room of all parts together
    /// @throws ArithmeticException from 2 GiB on
    public ByteBuffer borrow(long room) {
        if (room == 0) {
            return NONE;
        }
        ByteBuffer block = free.poll();
        return block != null && block.capacity() >= room
                ? block.clear()
                : ByteBuffer.allocateDirect(Math.toIntExact(capacity(room)));
    }

    public void giveBack(ByteBuffer block) {
        if (block.capacity() > 0 && block.capacity() <= LARGEST_KEPT) {
            free.offer(block);
        }
    }

    /// The next part of a block, which moves on. It is valid until the block is given back.
    public static ByteBuffer part(ByteBuffer block, int bytes) {
        ByteBuffer part = block.slice(block.position(), bytes).order(ByteOrder.LITTLE_ENDIAN);
        block.position(block.position() + (int) room(bytes));
        return part;
    }

    /// Powers of two, so that runs that grow row by row soon find a block that is large enough.
    private static long capacity(long room) {
        return room > LARGEST_KEPT ? room : Math.max(SMALLEST, Long.highestOneBit(room - 1) << 1);
    }
}
