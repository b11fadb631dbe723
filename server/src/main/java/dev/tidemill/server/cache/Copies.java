package dev.tidemill.server.cache;

import dev.tidemill.runtimes.spi.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// Tensors that outlive the run they come from: an output may be a piece of a whole batch's memory.
final class Copies {
    private Copies() {}

    static long bytes(List<Tensor> tensors) {
        long bytes = 0;
        for (Tensor tensor : tensors) {
            bytes +=
                    switch (tensor) {
                        case Tensor.Numeric numeric -> 128L + numeric.data().remaining();
                        case Tensor.Text text -> 128L + bytes(text);
                    };
        }
        return bytes;
    }

    static List<Tensor> kept(List<Tensor> tensors) {
        return tensors.stream().map(Copies::kept).toList();
    }

    /// The same memory with positions of its own, since readers move them.
    static List<Tensor> handedOut(List<Tensor> tensors) {
        return tensors.stream().map(Copies::handedOut).toList();
    }

    private static long bytes(Tensor.Text text) {
        long bytes = 0;
        for (byte[] value : text.values()) {
            bytes += value.length + 24L;
        }
        return bytes;
    }

    private static Tensor kept(Tensor tensor) {
        return switch (tensor) {
            case Tensor.Numeric numeric -> {
                ByteBuffer copy =
                        ByteBuffer.allocate(numeric.data().remaining())
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .put(numeric.data().duplicate())
                                .flip();
                yield new Tensor.Numeric(
                        numeric.name(), numeric.type(), numeric.shape().clone(), copy);
            }
            case Tensor.Text text ->
                    new Tensor.Text(text.name(), text.shape().clone(), List.copyOf(text.values()));
        };
    }

    private static Tensor handedOut(Tensor tensor) {
        return switch (tensor) {
            case Tensor.Numeric numeric ->
                    new Tensor.Numeric(
                            numeric.name(),
                            numeric.type(),
                            numeric.shape(),
                            numeric.data().duplicate().order(ByteOrder.LITTLE_ENDIAN));
            case Tensor.Text text -> text;
        };
    }
}
