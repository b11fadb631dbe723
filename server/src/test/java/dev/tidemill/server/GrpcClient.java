package dev.tidemill.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.tidemill.protos.inference.ModelInferRequest;
import dev.tidemill.protos.inference.ModelInferRequest.InferInputTensor;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// A channel to a server, and the requests of these tests.
final class GrpcClient implements AutoCloseable {
    private final ManagedChannel channel;

    GrpcClient(RunningServer server) {
        channel =
                NettyChannelBuilder.forAddress("127.0.0.1", server.grpcPort())
                        .usePlaintext()
                        .maxInboundMessageSize(Integer.MAX_VALUE)
                        .build();
    }

    ManagedChannel channel() {
        return channel;
    }

    static InferInputTensor.Builder input(String name, String type, long... shape) {
        InferInputTensor.Builder input =
                InferInputTensor.newBuilder().setName(name).setDatatype(type);
        for (long size : shape) {
            input.addShape(size);
        }
        return input;
    }

    static ModelInferRequest.Builder request(String model, InferInputTensor.Builder... inputs) {
        ModelInferRequest.Builder request = ModelInferRequest.newBuilder().setModelName(model);
        for (InferInputTensor.Builder input : inputs) {
            request.addInputs(input);
        }
        return request;
    }

    static ByteString floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return ByteString.copyFrom(bytes.flip());
    }

    static ByteString ints(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            bytes.putInt(value);
        }
        return ByteString.copyFrom(bytes.flip());
    }

    /// One row for the model `levels`.
    static ModelInferRequest.Builder row(float... values) {
        return request("levels", input("x", "FP32", 1, values.length))
                .addRawInputContents(floats(values));
    }

    static void refused(Status.Code code, String text, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> {
                            org.assertj.core.api.Assertions.assertThat(e.getStatus().getCode())
                                    .as(e.toString())
                                    .isEqualTo(code);
                            org.assertj.core.api.Assertions.assertThat(
                                            e.getStatus().getDescription())
                                    .contains(text);
                        });
    }

    static List<Float> toFloats(ByteString bytes) {
        java.util.ArrayList<Float> values = new java.util.ArrayList<>();
        ByteBuffer in = bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        while (in.hasRemaining()) {
            values.add(in.getFloat());
        }
        return values;
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
