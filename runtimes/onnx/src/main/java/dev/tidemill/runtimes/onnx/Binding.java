package dev.tidemill.runtimes.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Native memory and the runtime's handles for inputs and outputs of certain shapes, made once and
/// filled again by every run of these shapes: making and freeing the handles costs more than
/// running a small model does. Used by one run at a time.
final class Binding {
    private final List<Slot> inputs;
    private final List<Slot> outputs;
    private final Map<String, OnnxTensor> fed;
    private final Map<String, OnnxTensor> pinned;
    private final int bytes;

    /// @param data position 0 to capacity
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    private record Slot(TensorSpec spec, long[] shape, ByteBuffer data, OnnxTensor tensor) {}

    /// Makes a tensor over memory that stays where it is.
    @FunctionalInterface
    interface Maker {
        OnnxTensor over(DataType type, long[] shape, ByteBuffer data) throws OrtException;
    }

    private Binding(List<Slot> inputs, List<Slot> outputs) {
        this.inputs = inputs;
        this.outputs = outputs;
        this.fed = map(inputs);
        this.pinned = map(outputs);
        this.bytes =
                inputs.stream().mapToInt(slot -> slot.data().capacity()).sum()
                        + outputs.stream().mapToInt(slot -> slot.data().capacity()).sum();
    }

    /// Bytes of a binding for these tensors, or -1 when there can be none: texts have no such
    /// memory.
    static long size(List<Tensor> inputs, List<Tensor> outputs) {
        long size = 0;
        for (List<Tensor> tensors : List.of(inputs, outputs)) {
            for (Tensor tensor : tensors) {
                if (!(tensor instanceof Tensor.Numeric numeric) || !numeric.data().hasRemaining()) {
                    return -1;
                }
                size += numeric.data().remaining();
            }
        }
        return size;
    }

    /// For the shapes of a run that went well.
    static Binding of(List<Tensor> inputs, List<Tensor> outputs, Maker maker) throws OrtException {
        List<Slot> made = new ArrayList<>();
        try {
            for (List<Tensor> tensors : List.of(inputs, outputs)) {
                for (Tensor tensor : tensors) {
                    made.add(slot((Tensor.Numeric) tensor, maker));
                }
            }
        } catch (OrtException e) {
            made.forEach(slot -> slot.tensor().close());
            throw e;
        }
        return new Binding(
                List.copyOf(made.subList(0, inputs.size())),
                List.copyOf(made.subList(inputs.size(), made.size())));
    }

    int bytes() {
        return bytes;
    }

    boolean fits(List<Tensor> given) {
        for (int i = 0; i < inputs.size(); i++) {
            Slot slot = inputs.get(i);
            Tensor tensor = given.get(i);
            if (!Arrays.equals(slot.shape(), tensor.shape())
                    || !slot.spec().name().equals(tensor.name())) {
                return false;
            }
        }
        return given.size() == inputs.size();
    }

    Map<String, OnnxTensor> fill(List<Tensor> given) {
        for (int i = 0; i < inputs.size(); i++) {
            ByteBuffer from = ((Tensor.Numeric) given.get(i)).data();
            inputs.get(i).data().put(0, from, from.position(), from.remaining());
        }
        return fed;
    }

    Map<String, OnnxTensor> pinned() {
        return pinned;
    }

    /// Copies of what the run has written.
    List<Tensor> read() {
        List<Tensor> read = new ArrayList<>(outputs.size());
        for (Slot slot : outputs) {
            ByteBuffer copy = ByteBuffer.allocate(slot.data().capacity());
            copy.put(0, slot.data(), 0, copy.capacity());
            read.add(
                    new Tensor.Numeric(
                            slot.spec().name(),
                            slot.spec().type(),
                            slot.shape().clone(),
                            copy.order(ByteOrder.LITTLE_ENDIAN)));
        }
        return read;
    }

    void free() {
        inputs.forEach(slot -> slot.tensor().close());
        outputs.forEach(slot -> slot.tensor().close());
    }

    private static Slot slot(Tensor.Numeric like, Maker maker) throws OrtException {
        ByteBuffer data =
                ByteBuffer.allocateDirect(like.data().remaining()).order(ByteOrder.LITTLE_ENDIAN);
        TensorSpec spec =
                new TensorSpec(
                        like.name(), like.type(), Arrays.stream(like.shape()).boxed().toList());
        return new Slot(
                spec, like.shape().clone(), data, maker.over(like.type(), like.shape(), data));
    }

    private static Map<String, OnnxTensor> map(List<Slot> slots) {
        Map<String, OnnxTensor> map = LinkedHashMap.newLinkedHashMap(slots.size());
        slots.forEach(slot -> map.put(slot.spec().name(), slot.tensor()));
        return map;
    }
}
