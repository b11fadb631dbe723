package dev.tidemill.runtimes.onnx;

import dev.tidemill.runtimes.spi.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Native memory that inputs are copied into when they come in Java's own. It is kept between runs,
/// because asking for fresh native memory costs more than running a small model.
final class Staging {
    private static final int ALIGNMENT = 64;

    /// Larger blocks are not kept.
    private static final int KEPT = 4 << 20;

    private static final ByteBuffer NONE = ByteBuffer.allocateDirect(0);

    private final ConcurrentLinkedQueue<ByteBuffer> free = new ConcurrentLinkedQueue<>();

    /// A block with room for all inputs that are not native yet, at position 0.
    ByteBuffer borrow(List<Tensor> inputs) {
        long bytes = 0;
        for (Tensor input : inputs) {
            if (input instanceof Tensor.Numeric numeric && !numeric.data().isDirect()) {
                bytes += numeric.data().remaining() + ALIGNMENT;
            }
        }
        if (bytes == 0) {
            return NONE;
        }
        ByteBuffer block = free.poll();
        return block != null && block.capacity() >= bytes
                ? block.clear()
                : ByteBuffer.allocateDirect(Math.toIntExact(Math.max(bytes, 4096)));
    }

    void giveBack(ByteBuffer block) {
        if (block.capacity() > 0 && block.capacity() <= KEPT) {
            free.offer(block);
        }
    }

    /// The same elements in native memory: copied to the block's position, which moves on, or as
    /// they are.
    static ByteBuffer nativeOf(ByteBuffer data, ByteBuffer block) {
        if (data.isDirect()) {
            return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        }
        int bytes = data.remaining();
        ByteBuffer copy = block.slice(block.position(), bytes).order(ByteOrder.LITTLE_ENDIAN);
        copy.put(data.duplicate()).flip();
        int used = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        block.position(block.position() + used);
        return copy;
    }
}
