package dev.tidemill.server.engine;

import static dev.tidemill.testkit.Tensors.floats;
import static dev.tidemill.testkit.Tensors.texts;
import static dev.tidemill.testkit.Tensors.textsOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Metrics;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.ModelManifest;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.runtimes.spi.TextFeatures;
import dev.tidemill.server.metrics.ModelMeters;
import dev.tidemill.server.modelconfig.ModelConfig;
import dev.tidemill.testkit.FakeModel;
import dev.tidemill.testkit.Tensors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ServedModelTest {
    private static final TensorSpec X = spec("x", DataType.FP32, -1, 2);
    private static final TensorSpec SCORES = spec("scores", DataType.FP32, -1, 2);

    private final Metrics metrics = new Metrics();
    private final ComputeThreads threads = new ComputeThreads(1);

    @AfterEach
    void close() {
        threads.close();
        metrics.close();
    }

    @Test
    void names_the_class_with_the_largest_score_and_the_first_of_equals() {
        ServedModel model =
                classifier(floats("scores", new long[] {4, 2}, 1, 2, 2, 1, 3, 3, -9, -8));

        List<Tensor> outputs = model.infer(InferenceCall.of(List.of(rows(4)), List.of()));

        assertThat(outputs).extracting(Tensor::name).containsExactly("scores", "label");
        assertThat(textsOf(outputs.getLast())).containsExactly("no", "yes", "yes", "no");
    }

    @Test
    void names_classes_from_wide_scores_too() {
        ByteBuffer data = ByteBuffer.allocateDirect(16).order(ByteOrder.LITTLE_ENDIAN);
        data.putDouble(0.1).putDouble(0.2).flip();
        ServedModel model =
                served(
                        classifierManifest(),
                        new FakeModel(
                                List.of(X),
                                List.of(spec("scores", DataType.FP64, -1, 2)),
                                _ ->
                                        List.of(
                                                new Tensor.Numeric(
                                                        "scores",
                                                        DataType.FP64,
                                                        new long[] {1, 2},
                                                        data))));

        assertThat(
                        textsOf(
                                model.infer(InferenceCall.of(List.of(rows(1)), List.of("label")))
                                        .getFirst()))
                .containsExactly("no");
    }

    @Test
    void names_no_class_when_no_score_is_a_number() {
        ServedModel model = classifier(floats("scores", new long[] {1, 2}, Float.NaN, Float.NaN));

        assertThatThrownBy(() -> model.infer(InferenceCall.of(List.of(rows(1)), List.of("label"))))
                .isInstanceOfSatisfying(
                        TidemillException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST))
                .hasMessageStartingWith("output scores: 'NaN' in row 0 (expected: scores; ");
    }

    @Test
    void gives_outputs_in_the_order_asked_for() {
        ServedModel model = classifier(floats("scores", new long[] {1, 2}, 1, 2));

        assertThat(model.infer(InferenceCall.of(List.of(rows(1)), List.of("label", "scores"))))
                .extracting(Tensor::name)
                .containsExactly("label", "scores");
        assertThat(model.infer(InferenceCall.of(List.of(rows(1)), List.of("scores"))))
                .extracting(Tensor::name)
                .containsExactly("scores");
    }

    @Test
    void feeds_texts_as_the_vectors_that_training_saw() {
        TextFeatures features = new TextFeatures(1, 2, 64, 100);
        FakeModel fake =
                new FakeModel(
                        List.of(spec("vector", DataType.FP32, -1, 64)),
                        List.of(SCORES),
                        _ -> List.of(floats("scores", new long[] {2, 2}, 1, 2, 2, 1)));
        ServedModel model =
                served(
                        new ModelManifest(
                                "fake", "f", Optional.of(features), List.of(), "", List.of()),
                        fake);
        Tensor texts = texts("text", new long[] {2}, "one", "二");

        model.infer(InferenceCall.of(List.of(texts), List.of()));

        Tensor fed = fake.runs().getFirst().getFirst();
        assertThat(fed.name()).isEqualTo("vector");
        assertThat(fed.shape()).containsExactly(2, 64);
        assertThat(Tensors.floatsOf(fed)).startsWith(features.vector("one"));
        assertThat(Tensors.floatsOf(fed)).endsWith(features.vector("二"));
        assertThat(model.workingBytes(List.of(texts))).isEqualTo(2 * 64 * 4);
    }

    @Test
    void runs_slow_models_on_threads_of_their_own_and_fast_ones_on_the_callers() {
        AtomicReference<Thread> ran = new AtomicReference<>(Thread.currentThread());
        ServedModel model =
                served(
                        new ModelManifest("fake", "f", Optional.empty(), List.of(), "", List.of()),
                        new FakeModel(
                                List.of(X),
                                List.of(SCORES),
                                inputs -> {
                                    ran.set(Thread.currentThread());
                                    return inputs;
                                }));

        model.infer(InferenceCall.of(List.of(rows(1)), List.of()));
        assertThat(ran.get()).isSameAs(Thread.currentThread());

        model.runsSlowly();
        model.infer(InferenceCall.of(List.of(rows(1)), List.of()));
        assertThat(ran.get().getName()).startsWith("compute-");
    }

    @Test
    void passes_on_what_a_slow_model_throws() {
        ServedModel model =
                served(
                        classifierManifest(),
                        new FakeModel(
                                List.of(X),
                                List.of(SCORES),
                                _ -> {
                                    throw new TidemillException(ErrorCode.MODEL_FAILED, "broke");
                                }));
        model.runsSlowly();

        assertThatThrownBy(() -> model.infer(InferenceCall.of(List.of(rows(1)), List.of())))
                .hasMessage("broke");
    }

    @Test
    void refuses_a_model_with_an_output_of_the_labels_name() {
        assertThatThrownBy(() ->
                        served(
                                classifierManifest(),
                                new FakeModel(
                                        List.of(X),
                                        List.of(spec("label", DataType.INT64, -1), SCORES),
                                        inputs -> inputs)))
                .hasMessageStartingWith("outputs: 'label' (expected: another name");
    }

    @Test
    void closes_its_model() {
        FakeModel fake = new FakeModel(List.of(X), List.of(SCORES), inputs -> inputs);

        served(classifierManifest(), fake).close();

        assertThat(fake.isClosed()).isTrue();
    }

    private ServedModel classifier(Tensor scores) {
        return served(
                classifierManifest(),
                new FakeModel(List.of(X), List.of(SCORES), _ -> List.of(scores)));
    }

    private ServedModel served(ModelManifest manifest, FakeModel model) {
        return new ServedModel(
                new ServedModel.Description(
                        "fake",
                        "1",
                        manifest,
                        ModelConfig.inferred("fake")
                                .withMaxBatchSize(
                                        model.inputs().getFirst().shape().getFirst() < 0 ? 8 : 0),
                        Map.of()),
                model,
                new ServedModel.Surroundings(
                        threads, new ModelMeters(metrics, "fake", "1"), () -> 0));
    }

    private static ModelManifest classifierManifest() {
        return new ModelManifest(
                "fake", "f", Optional.empty(), List.of("yes", "no"), "scores", List.of());
    }

    private static Tensor rows(int rows) {
        return floats("x", new long[] {rows, 2}, new float[rows * 2]);
    }

    private static TensorSpec spec(String name, DataType type, long... shape) {
        return new TensorSpec(name, type, java.util.Arrays.stream(shape).boxed().toList());
    }
}
