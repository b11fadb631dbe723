package dev.tidemill.server.protocol.openinference;

import static dev.tidemill.server.protocol.openinference.InferRequestReader.invalid;

import dev.tidemill.http.Bodies;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.protocol.RawBytes;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The raw binary request of Triton's extension: the whole body is the values of the model's only
/// input, one row where the model batches. All outputs come back binary.
final class RawRequest {
    private RawRequest() {}

    static InferRequest of(ServedModel model, byte[] body) {
        List<TensorSpec> inputs = model.inputs();
        if (inputs.size() != 1) {
            throw invalid(
                    "Inference-Header-Content-Length",
                    "0",
                    "a JSON header, because the model has %d inputs".formatted(inputs.size()));
        }
        TensorSpec input = inputs.getFirst();
        boolean text = input.type() == DataType.BYTES;
        // A text's own length goes without saying here: the body is the text.
        Tensor tensor =
                text
                        ? new Tensor.Text(input.name(), ones(input), List.of(body))
                        : RawBytes.read(
                                input.name(),
                                input.type(),
                                shape(input, model.batches(), body.length),
                                ByteBuffer.wrap(body),
                                "body",
                                // One row of numbers: nothing is copied.
                                Bodies.Budget.UNLIMITED);
        return new InferRequest(
                Optional.empty(), List.of(tensor), List.of(), true, true, 0, Duration.ZERO);
    }

    private static long[] ones(TensorSpec input) {
        long[] shape = new long[input.shape().size()];
        for (int i = 0; i < shape.length; i++) {
            if (input.shape().get(i) > 1) {
                throw invalid("body", "one text", "a text for each of " + input.shape());
            }
            shape[i] = 1;
        }
        return shape;
    }

    private static long[] shape(TensorSpec input, boolean batched, int bytes) {
        long[] shape = input.shape().stream().mapToLong(Long::longValue).toArray();
        if (batched) {
            shape[0] = 1;
        }
        long known = input.type().byteWidth();
        int open = -1;
        for (int i = 0; i < shape.length; i++) {
            if (shape[i] < 0 && open >= 0) {
                throw invalid("body", "raw", "a JSON header, because several dimensions are open");
            } else if (shape[i] < 0) {
                open = i;
            } else {
                known *= shape[i];
            }
        }
        if (open >= 0) {
            shape[open] = known == 0 ? 0 : bytes / known;
        }
        return shape;
    }
}
