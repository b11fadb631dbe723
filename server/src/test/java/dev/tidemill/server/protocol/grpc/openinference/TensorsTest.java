package dev.tidemill.server.protocol.grpc.openinference;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tidemill.http.Bodies;
import dev.tidemill.protos.inference.InferTensorContents;
import dev.tidemill.protos.inference.ModelInferRequest;
import dev.tidemill.protos.inference.ModelInferRequest.InferInputTensor;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class TensorsTest {
    private final SplittableRandom random = new SplittableRandom(20_261_121);

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BYTES")
    void raw_tensors_keep_every_bit(DataType type) {
        byte[] bytes = bytes(type);
        Tensor.Numeric read = raw(type, bytes);

        assertThat(read.type()).isEqualTo(type);
        assertThat(read.data().isDirect()).isTrue();
        assertThat(bytesOf(read)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"BYTES", "FP16", "BF16"})
    void typed_tensors_keep_every_bit(DataType type) {
        byte[] bytes = bytes(type);
        InferTensorContents written = TypedContents.write(raw(type, bytes));
        Tensor read =
                InputReader.read(
                                ModelInferRequest.newBuilder()
                                        .addInputs(input(type).setContents(written))
                                        .build(),
                                Bodies.Budget.UNLIMITED)
                        .getFirst();

        assertThat(bytesOf((Tensor.Numeric) read)).isEqualTo(bytes);
    }

    private Tensor.Numeric raw(DataType type, byte[] bytes) {
        List<Tensor> read =
                InputReader.read(
                        ModelInferRequest.newBuilder()
                                .addInputs(input(type))
                                .addRawInputContents(ByteString.copyFrom(bytes))
                                .build(),
                        Bodies.Budget.UNLIMITED);
        return (Tensor.Numeric) read.getFirst();
    }

    private static InferInputTensor.Builder input(DataType type) {
        return InferInputTensor.newBuilder()
                .setName("x")
                .setDatatype(type.name())
                .addShape(8)
                .addShape(8);
    }

    /// Sixty-four elements. No bit pattern is a signalling NaN, which processors may quieten.
    private byte[] bytes(DataType type) {
        ByteBuffer data = ByteBuffer.allocate(64 * type.byteWidth()).order(ByteOrder.LITTLE_ENDIAN);
        while (data.hasRemaining()) {
            switch (type) {
                case BOOL -> data.put((byte) random.nextInt(2));
                case FP32 -> data.putFloat((float) random.nextDouble(-1e30, 1e30));
                case FP64 -> data.putDouble(random.nextDouble(-1e300, 1e300));
                default -> data.put((byte) random.nextInt(256));
            }
        }
        return data.array();
    }

    private static byte[] bytesOf(Tensor.Numeric tensor) {
        byte[] bytes = new byte[tensor.data().remaining()];
        tensor.data().duplicate().get(bytes);
        return bytes;
    }
}
