package dev.tidemill.server.protocol.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tidemill.protos.inference.InferTensorContents;
import dev.tidemill.protos.inference.ModelInferRequest;
import dev.tidemill.protos.inference.ModelInferRequest.InferInputTensor;
import java.util.Collections;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class MessageWeightTest {
    private final MessageWeight weight = MessageWeight.of(ModelInferRequest.getDefaultInstance());

    @Test
    void an_empty_message_weighs_what_it_takes_on_the_heap() {
        byte[] message =
                ModelInferRequest.newBuilder()
                        .addAllInputs(
                                Collections.nCopies(1000, InferInputTensor.getDefaultInstance()))
                        .build()
                        .toByteArray();

        assertThat(message).hasSize(2000);
        assertThat(weight.of(message)).isBetween(80_000L, 200_000L);
    }

    @Test
    void numbers_of_varying_length_weigh_as_many_bytes_as_they_become() {
        byte[] message =
                contents(
                        InferTensorContents.newBuilder()
                                .addAllInt64Contents(Collections.nCopies(10_000, 1L)));

        assertThat(message.length).isLessThan(11_000);
        assertThat(weight.of(message)).isBetween(80_000L, 100_000L);
    }

    @Test
    void raw_bytes_weigh_next_to_nothing_because_they_stay_where_they_are() {
        byte[] message =
                ModelInferRequest.newBuilder()
                        .addRawInputContents(ByteString.copyFrom(new byte[1 << 20]))
                        .build()
                        .toByteArray();

        assertThat(weight.of(message)).isLessThan(1000);
    }

    @Test
    void fields_that_nobody_knows_weigh_too() {
        byte[] unknown = new byte[30_000];
        for (int i = 0; i < unknown.length; i += 3) {
            // Field 100, one byte.
            unknown[i] = (byte) 0xa0;
            unknown[i + 1] = 6;
            unknown[i + 2] = 1;
        }
        assertThat(weight.of(unknown)).isGreaterThan(400_000);
    }

    @Test
    void whatever_comes_has_a_weight() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        byte[] good =
                contents(
                        InferTensorContents.newBuilder()
                                .addAllInt64Contents(Collections.nCopies(20, -1L)));
        for (int i = 0; i < 20_000; i++) {
            byte[] mutant = good.clone();
            for (int change = random.nextInt(6); change >= 0; change--) {
                mutant[random.nextInt(mutant.length)] = (byte) random.nextInt(256);
            }
            assertThat(weight.of(mutant)).as("seed %d", seed).isPositive();
        }
    }

    private static byte[] contents(InferTensorContents.Builder contents) {
        return ModelInferRequest.newBuilder()
                .setModelName("m")
                .addInputs(
                        InferInputTensor.newBuilder()
                                .setName("x")
                                .setDatatype("INT64")
                                .addShape(7)
                                .setContents(contents))
                .build()
                .toByteArray();
    }
}
