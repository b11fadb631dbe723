package dev.tidemill.server.protocol.grpc.openinference;

import com.google.protobuf.ByteString;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Bodies;
import dev.tidemill.protos.inference.ModelInferRequest;
import dev.tidemill.protos.inference.ModelInferRequest.InferInputTensor;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.protocol.RawBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Makes tensors of a request's inputs. What does not fit together is refused: a request that is
/// half understood gives a wrong answer instead of an error.
final class InputReader {
    private static final Map<String, DataType> TYPES =
            Arrays.stream(DataType.values())
                    .collect(Collectors.toUnmodifiableMap(DataType::name, Function.identity()));

    private InputReader() {}

    /// @param reservation asked before memory is taken
    /// @throws TidemillException `INVALID_REQUEST`
    static List<Tensor> read(ModelInferRequest request, Bodies.Budget reservation) {
        int count = request.getInputsCount();
        boolean raw = isRaw(request);
        if (count == 0) {
            throw invalid("inputs", "[]", "at least one input");
        }
        if (raw && request.getRawInputContentsCount() != count) {
            throw invalid(
                    "raw_input_contents",
                    request.getRawInputContentsCount() + " entries",
                    count + " entries, one for each input");
        }
        List<Tensor> tensors = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            InferInputTensor input = request.getInputs(i);
            tensors.add(
                    raw
                            ? raw(input, request.getRawInputContents(i), reservation)
                            : typed(input, reservation));
        }
        return tensors;
    }

    /// Whether the tensors stand beside the inputs as bytes, and not in them as numbers.
    static boolean isRaw(ModelInferRequest request) {
        return request.getRawInputContentsCount() > 0;
    }

    static TidemillException invalid(String what, String value, String expected) {
        return new TidemillException(
                ErrorCode.INVALID_REQUEST,
                "%s: '%s' (expected: %s)".formatted(what, value, expected));
    }

    private static Tensor raw(InferInputTensor input, ByteString bytes, Bodies.Budget reservation) {
        if (input.hasContents()) {
            throw invalid(
                    "input " + input.getName() + ": contents",
                    "present",
                    "nothing beside raw_input_contents");
        }
        DataType type = type(input);
        long[] shape = shape(input);
        long elements = elements(input, shape);
        reservation.take(bytes.size());
        if (type == DataType.BYTES) {
            reservation.take(
                    Math.min(elements, bytes.size() / Integer.BYTES) * RawBytes.TEXT_BYTES);
            return new Tensor.Text(input.getName(), shape, texts(input, bytes, elements));
        }
        if (elements > Integer.MAX_VALUE || elements * type.byteWidth() != bytes.size()) {
            throw invalid(
                    "input " + input.getName() + ": raw_input_contents",
                    bytes.size() + " bytes",
                    "%d elements of %s, as the shape %s says"
                            .formatted(elements, type, Arrays.toString(shape)));
        }
        // The runtime wants memory that the garbage collector does not move: the one copy.
        ByteBuffer data = ByteBuffer.allocateDirect(bytes.size()).order(ByteOrder.LITTLE_ENDIAN);
        bytes.copyTo(data);
        return new Tensor.Numeric(input.getName(), type, shape, data.flip());
    }

    private static Tensor typed(InferInputTensor input, Bodies.Budget reservation) {
        DataType type = type(input);
        long[] shape = shape(input);
        return TypedContents.read(input, type, shape, elements(input, shape), reservation);
    }

    /// Each with its length before it, 4 bytes.
    private static List<byte[]> texts(InferInputTensor input, ByteString bytes, long elements) {
        ByteBuffer in = bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        if (elements > in.remaining() / Integer.BYTES) {
            throw wrongTexts(input, elements);
        }
        List<byte[]> texts = new ArrayList<>((int) elements);
        for (long i = 0; i < elements; i++) {
            int length = in.remaining() < Integer.BYTES ? -1 : in.getInt();
            if (length < 0 || length > in.remaining()) {
                throw wrongTexts(input, elements);
            }
            byte[] text = new byte[length];
            in.get(text);
            texts.add(text);
        }
        if (in.hasRemaining()) {
            throw wrongTexts(input, elements);
        }
        return texts;
    }

    private static TidemillException wrongTexts(InferInputTensor input, long elements) {
        return invalid(
                "input " + input.getName() + ": raw_input_contents",
                "other lengths",
                "%d byte strings, each after its length in 4 bytes".formatted(elements));
    }

    private static DataType type(InferInputTensor input) {
        if (input.containsParameters("shared_memory_region")) {
            throw invalid(
                    "input " + input.getName() + ": shared_memory_region",
                    "present",
                    "the tensor in the message");
        }
        DataType type = TYPES.get(input.getDatatype());
        if (type == null) {
            throw invalid(
                    "input " + input.getName() + ": datatype",
                    input.getDatatype(),
                    "one of " + Arrays.toString(DataType.values()));
        }
        return type;
    }

    private static long[] shape(InferInputTensor input) {
        long[] shape = new long[input.getShapeCount()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = input.getShape(i);
        }
        return shape;
    }

    private static long elements(InferInputTensor input, long[] shape) {
        long room = 1;
        boolean empty = false;
        for (long size : shape) {
            if (size < 0 || size > Integer.MAX_VALUE / room) {
                throw invalid(
                        "input " + input.getName() + ": shape",
                        Arrays.toString(shape),
                        "sizes of at least 0, and fewer than 2^31 elements");
            }
            empty |= size == 0;
            // Without elements, too, the other sizes must make sense.
            room *= Math.max(1, size);
        }
        return empty ? 0 : room;
    }
}
