package dev.tidemill.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.table.Destination;
import dev.tidemill.protos.inference.ModelInferRequest;
import dev.tidemill.protos.tensorflow.serving.InferenceTask;
import dev.tidemill.protos.tensorflow.serving.ModelSpec;
import dev.tidemill.protos.tensorflow.serving.MultiInferenceRequest;
import dev.tidemill.protos.tensorflow.serving.PredictRequest;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class WireMessageTest {
    private static final int ROUNDS = 20_000;
    private static final String[] NAMES = {"", "m", "digits", "org/größe", "x".repeat(300)};

    @Test
    void the_name_is_found_wherever_it_stands() {
        ModelInferRequest request = request("digits");
        byte[] named = ModelInferRequest.newBuilder().setModelName("digits").build().toByteArray();
        byte[] rest = request.toBuilder().clearModelName().build().toByteArray();
        assertThat(NamedBy.NAME.model(request.toByteArray())).isEqualTo("digits");
        assertThat(NamedBy.NAME.model(joined(rest, named))).isEqualTo("digits");
        assertThat(NamedBy.NAME.model(rest)).isEmpty();
        assertThat(NamedBy.NAME.model(new byte[0])).isEmpty();
    }

    @Test
    void a_name_that_is_there_twice_is_refused_because_a_server_would_take_the_last() {
        byte[] one = ModelInferRequest.newBuilder().setModelName("mine").build().toByteArray();
        byte[] other = ModelInferRequest.newBuilder().setModelName("yours").build().toByteArray();
        assertThatThrownBy(() -> NamedBy.NAME.model(joined(one, other)))
                .isInstanceOf(TidemillException.class)
                .hasMessageContaining("twice");
        byte[] spec = predict("mine").toByteArray();
        byte[] again = predict("yours").toByteArray();
        assertThatThrownBy(() -> NamedBy.SPEC.model(joined(spec, again)))
                .isInstanceOf(TidemillException.class)
                .hasMessageContaining("twice");
    }

    @Test
    void tasks_are_for_one_model() {
        assertThat(NamedBy.TASKS.model(tasks("a", "a").toByteArray())).isEqualTo("a");
        assertThatThrownBy(() -> NamedBy.TASKS.model(tasks("a", "b").toByteArray()))
                .isInstanceOf(TidemillException.class)
                .hasMessageContaining("several models");
    }

    @Test
    void another_name_leaves_everything_else_as_it_was() throws Exception {
        for (String from : NAMES) {
            for (String to : NAMES) {
                ModelInferRequest request = request(from);
                byte[] sent = NamedBy.NAME.sent(request.toByteArray(), from, as(to));
                // An empty text is not on the wire, so there is nothing to replace.
                String expected = from.isEmpty() ? from : to;
                assertThat(ModelInferRequest.parseFrom(sent))
                        .isEqualTo(request.toBuilder().setModelName(expected).build());

                byte[] predicted = NamedBy.SPEC.sent(predict(from).toByteArray(), from, as(to));
                assertThat(PredictRequest.parseFrom(predicted)).isEqualTo(predict(expected));

                byte[] both = NamedBy.TASKS.sent(tasks(from, from).toByteArray(), from, as(to));
                assertThat(MultiInferenceRequest.parseFrom(both))
                        .isEqualTo(tasks(expected, expected));
            }
        }
    }

    @Test
    void what_is_read_of_broken_messages_is_what_a_server_reads_or_they_are_refused() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        int agreed = 0;
        for (int i = 0; i < ROUNDS; i++) {
            String name = NAMES[random.nextInt(NAMES.length)];
            boolean spec = random.nextBoolean();
            byte[] bytes = spec ? predict(name).toByteArray() : request(name).toByteArray();
            byte[] broken = broken(bytes, random);
            String read;
            try {
                read = (spec ? NamedBy.SPEC : NamedBy.NAME).model(broken);
            } catch (TidemillException e) {
                continue;
            }
            String served;
            try {
                served =
                        spec
                                ? PredictRequest.parseFrom(broken).getModelSpec().getName()
                                : ModelInferRequest.parseFrom(broken).getModelName();
            } catch (InvalidProtocolBufferException e) {
                continue;
            }
            assertThat(read).as("seed %d, round %d", seed, i).isEqualTo(served);
            agreed++;
        }
        assertThat(agreed).as("seed %d", seed).isGreaterThan(ROUNDS / 20);
    }

    private static byte[] broken(byte[] bytes, SplittableRandom random) {
        byte[] broken = bytes.clone();
        for (int i = random.nextInt(4); i > 0 && broken.length > 0; i--) {
            broken[random.nextInt(Math.min(broken.length, 64))] = (byte) random.nextInt(256);
        }
        return switch (random.nextInt(4)) {
            case 0 -> Arrays.copyOf(broken, random.nextInt(broken.length + 1));
            case 1 -> joined(broken, Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)));
            default -> broken;
        };
    }

    private static ModelInferRequest request(String name) {
        return ModelInferRequest.newBuilder()
                .setModelName(name)
                .setModelVersion("3")
                .setId("an id")
                .addInputs(
                        ModelInferRequest.InferInputTensor.newBuilder()
                                .setName("x")
                                .setDatatype("FP32")
                                .addShape(1)
                                .addShape(64))
                .addRawInputContents(ByteString.copyFrom(new byte[256]))
                .build();
    }

    private static PredictRequest predict(String name) {
        ModelSpec.Builder spec = ModelSpec.newBuilder().setSignatureName("serving_default");
        return PredictRequest.newBuilder()
                .setModelSpec(spec.setName(name))
                .addOutputFilter("y")
                .build();
    }

    private static MultiInferenceRequest tasks(String... names) {
        MultiInferenceRequest.Builder request = MultiInferenceRequest.newBuilder();
        for (String name : names) {
            request.addTasks(
                    InferenceTask.newBuilder()
                            .setModelSpec(ModelSpec.newBuilder().setName(name))
                            .setMethodName("classify"));
        }
        return request.build();
    }

    private static Destination.Target as(String name) {
        return new Destination.Target("served", name, null, null);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(first);
        both.writeBytes(second);
        return both.toByteArray();
    }
}
