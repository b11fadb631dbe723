package dev.tidemill.server.protocol.grpc.tfserving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.protos.tensorflow.DataType;
import dev.tidemill.protos.tensorflow.TensorProto;
import dev.tidemill.protos.tensorflow.TensorShapeProto;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.testkit.Tensors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class TensorReaderTest {
    @Test
    void the_last_text_stands_for_all_that_are_missing_and_is_there_once() {
        AtomicLong asked = new AtomicLong();
        Tensor.Text read =
                (Tensor.Text) TensorReader.read("x", texts(4, "a", "1234567890"), asked::addAndGet);

        assertThat(Tensors.textsOf(read))
                .containsExactly("a", "1234567890", "1234567890", "1234567890");
        assertThat(read.values().get(3)).isSameAs(read.values().get(1));
        assertThat(asked).hasValueGreaterThanOrEqualTo(31);
    }

    @Test
    void asks_for_what_the_texts_stand_for_before_it_makes_them() {
        TensorProto hundredGigabytes = texts(100_000, "x".repeat(1 << 20));
        assertThatThrownBy(() ->
                        TensorReader.read(
                                "x",
                                hundredGigabytes,
                                bytes -> {
                                    assertThat(bytes).isGreaterThan(100_000L << 20);
                                    throw new TidemillException(ErrorCode.TOO_LARGE, "too many");
                                }))
                .hasMessage("too many");
    }

    private static TensorProto texts(int elements, String... given) {
        TensorProto.Builder tensor =
                TensorProto.newBuilder()
                        .setDtype(DataType.DT_STRING)
                        .setTensorShape(
                                TensorShapeProto.newBuilder()
                                        .addDim(
                                                TensorShapeProto.Dim.newBuilder()
                                                        .setSize(elements)));
        for (String text : given) {
            tensor.addStringVal(ByteString.copyFromUtf8(text));
        }
        return tensor.build();
    }
}
