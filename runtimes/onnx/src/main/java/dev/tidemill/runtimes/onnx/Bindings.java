package dev.tidemill.runtimes.onnx;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidemill.runtimes.spi.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The bindings of a model that no run uses right now, those used last at the end. Bounded in
/// number and bytes; the one that was used longest ago goes first.
final class Bindings {
    /// Copying more than this costs as much as a binding saves.
    static final int LARGEST = 256 << 10;

    private static final int COUNT = 64;
    private static final int BYTES = 8 << 20;

    @GuardedBy("this")
    private final List<Binding> free = new ArrayList<>();

    @GuardedBy("this")
    private int bytes;

    @GuardedBy("this")
    private boolean closed;

    synchronized @Nullable Binding take(List<Tensor> inputs) {
        for (int i = free.size() - 1; i >= 0; i--) {
            if (free.get(i).fits(inputs)) {
                Binding found = free.remove(i);
                bytes -= found.bytes();
                return found;
            }
        }
        return null;
    }

    synchronized void giveBack(Binding binding) {
        if (closed) {
            binding.free();
            return;
        }
        free.addLast(binding);
        bytes += binding.bytes();
        while (free.size() > COUNT || bytes > BYTES) {
            Binding oldest = free.removeFirst();
            bytes -= oldest.bytes();
            oldest.free();
        }
    }

    synchronized void close() {
        closed = true;
        free.forEach(Binding::free);
        free.clear();
    }
}
