package dev.tidemill.server.repository;

import static dev.tidemill.testkit.Tensors.floats;
import static dev.tidemill.testkit.Tensors.floatsOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Metrics;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.ModelManifest;
import dev.tidemill.runtimes.spi.ModelManifest.Sample;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.server.engine.ComputeThreads;
import dev.tidemill.server.engine.InferenceCall;
import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.metrics.ModelMeters;
import dev.tidemill.server.modelconfig.ModelConfig;
import dev.tidemill.server.modelconfig.ModelConfigReader;
import dev.tidemill.testkit.FakeModel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class WarmUpTest {
    private static final Path FOLDER = Path.of(".");

    private final AtomicLong clock = new AtomicLong();
    private final Metrics metrics = new Metrics();
    private final ComputeThreads threads = new ComputeThreads(1);
    private final WarmUp warmUp = new WarmUp(Duration.ofMillis(100), (_, _, _) -> {}, clock::get);

    @AfterEach
    void close() {
        threads.close();
        metrics.close();
    }

    @Test
    void runs_batches_of_one_to_eight_with_the_samples() {
        FakeModel fake = model(-1, Duration.ofNanos(1));

        warmUp.run(served(fake), manifest(new Sample("", List.of(1f, 2f), "no")), FOLDER);

        List<Tensor> firstRuns = fake.runs().stream().skip(1).limit(9).map(List::getFirst).toList();
        assertThat(firstRuns)
                .extracting(tensor -> tensor.shape()[0])
                .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 1L);
        assertThat(floatsOf(firstRuns.get(1))).containsExactly(1, 2, 1, 2);
    }

    @Test
    void runs_every_batch_size_that_the_configuration_names_however_long_it_takes() {
        FakeModel fake = model(-1, Duration.ofMillis(200));

        warmUp.run(
                served(
                        fake,
                        "{\"max_batch_size\":16,\"dynamic_batching\":{\"preferred_batch_size\":[4]}}"),
                manifest(),
                FOLDER);

        assertThat(rows(fake)).startsWith(1L, 4L, 16L);
    }

    @Test
    void runs_the_requests_that_the_configuration_describes() {
        FakeModel fake = model(-1, Duration.ofMillis(200));

        warmUp.run(
                served(
                        fake,
                        """
                        {"max_batch_size":8,"model_warmup":[{"name":"w","batch_size":3,"count":2,"inputs":{"x":
                          {"data_type":"TYPE_FP32","dims":[2],"random_data":true}}}]}
                        """),
                manifest(),
                FOLDER);

        assertThat(rows(fake)).startsWith(3L, 3L);
        assertThat(floatsOf(fake.runs().getFirst().getFirst())).isNotEqualTo(new float[6]);
    }

    @Test
    void fails_with_a_request_of_the_configuration_that_fails() {
        assertThatThrownBy(() ->
                        warmUp.run(
                                served(
                                        model(-1, Duration.ofMillis(1)),
                                        """
                                        {"model_warmup":[{"name":"w","inputs":{"x":
                                          {"data_type":"TYPE_FP32","dims":[3,3],"zero_data":true}}}]}
                                        """),
                                manifest(),
                                FOLDER))
                .hasMessageStartingWith("model_warmup w: input x: shape: '[3, 3]'");
    }

    @Test
    void refuses_texts_for_which_there_is_no_memory_before_it_makes_any() {
        ModelConfig config =
                ModelConfigReader.json(
                                "config",
                                """
                                {"model_warmup":[{"name":"w","inputs":{"x":
                                  {"data_type":"TYPE_STRING","dims":[1000000000],"zero_data":true}}}]}
                                """,
                                "fake")
                        .config();
        assertThatThrownBy(() -> WarmUpInputs.of(config.warmUp().getFirst(), FOLDER))
                .hasMessageStartingWith(
                        "model_warmup w: input x: '[1000000000]' (expected: at most ");
    }

    private static List<Long> rows(FakeModel fake) {
        return fake.runs().stream().map(inputs -> inputs.getFirst().shape()[0]).toList();
    }

    @Test
    void ends_when_its_time_is_over() {
        FakeModel fake = model(-1, Duration.ofMillis(30));

        warmUp.run(served(fake), manifest(), FOLDER);

        assertThat(fake.runs()).hasSize(4);
    }

    @Test
    void runs_no_batches_on_a_model_of_fixed_size() {
        FakeModel fake = model(1, Duration.ofMillis(1));

        warmUp.run(served(fake), manifest(), FOLDER);

        assertThat(fake.runs()).allMatch(inputs -> inputs.getFirst().shape()[0] == 1);
    }

    @Test
    void finds_out_that_a_model_is_slow() {
        assertThat(threadAfterWarmUp(Duration.ofMillis(3))).startsWith("compute-");
        assertThat(threadAfterWarmUp(Duration.ofMillis(1)))
                .isEqualTo(Thread.currentThread().getName());
    }

    @Test
    void lets_a_model_refuse_inputs_that_it_made_up() {
        FakeModel fake = refusing();

        warmUp.run(served(fake), manifest(), FOLDER);

        assertThat(fake.runs()).hasSize(1);
    }

    @Test
    void does_not_let_a_model_refuse_its_own_sample() {
        assertThatThrownBy(() ->
                        warmUp.run(
                                served(refusing()),
                                manifest(new Sample("", List.of(1f, 2f), "")),
                                FOLDER))
                .hasMessage("no");
    }

    @Test
    void does_not_blame_a_model_for_what_a_protocol_cannot_carry() {
        WarmUp picky =
                new WarmUp(
                        Duration.ofMillis(100),
                        (_, _, _) -> {
                            throw new TidemillException(ErrorCode.INVALID_REQUEST, "no words");
                        },
                        clock::get);
        FakeModel fake = model(-1, Duration.ofMillis(1));

        picky.run(served(fake), manifest(new Sample("", List.of(1f, 2f), "no")), FOLDER);

        assertThat(fake.runs()).hasSize(2);
    }

    @Test
    void counts_none_of_its_runs() {
        warmUp.run(served(model(-1, Duration.ofMillis(1))), manifest(), FOLDER);

        assertThat(new String(metrics.scrape(), StandardCharsets.UTF_8))
                .contains("tidemill_server_rows_total{model=\"fake\",version=\"1\"} 0.0");
    }

    private String threadAfterWarmUp(Duration run) {
        AtomicReference<String> thread = new AtomicReference<>("");
        ServedModel served =
                served(
                        fake(
                                -1,
                                inputs -> {
                                    thread.set(Thread.currentThread().getName());
                                    clock.addAndGet(run.toNanos());
                                    return scores(inputs);
                                }));
        warmUp.run(served, manifest(), FOLDER);
        served.infer(InferenceCall.of(List.of(floats("x", new long[] {1, 2}, 1, 2)), List.of()));
        return thread.get();
    }

    private FakeModel model(long rows, Duration run) {
        return fake(
                rows,
                inputs -> {
                    clock.addAndGet(run.toNanos());
                    return scores(inputs);
                });
    }

    private static FakeModel refusing() {
        return fake(
                -1,
                _ -> {
                    throw new TidemillException(ErrorCode.INVALID_REQUEST, "no");
                });
    }

    private static FakeModel fake(long rows, UnaryOperator<List<Tensor>> work) {
        return new FakeModel(
                List.of(new TensorSpec("x", DataType.FP32, List.of(rows, 2L))),
                List.of(new TensorSpec("scores", DataType.FP32, List.of(rows, 2L))),
                work);
    }

    private static List<Tensor> scores(List<Tensor> inputs) {
        return List.of(floats("scores", inputs.getFirst().shape(), floatsOf(inputs.getFirst())));
    }

    private ServedModel served(FakeModel model) {
        return served(
                model,
                ModelConfig.inferred("fake")
                        .withMaxBatchSize(
                                model.inputs().getFirst().shape().getFirst() < 0 ? 8 : 0));
    }

    private ServedModel served(FakeModel model, String config) {
        return served(model, ModelConfigReader.json("config", config, "fake").config());
    }

    private ServedModel served(FakeModel model, ModelConfig config) {
        return new ServedModel(
                new ServedModel.Description("fake", "1", manifest(), config, Map.of()),
                model,
                new ServedModel.Surroundings(
                        threads, new ModelMeters(metrics, "fake", "1"), clock::get));
    }

    private static ModelManifest manifest(Sample... samples) {
        return new ModelManifest(
                "fake", "f", Optional.empty(), List.of("yes", "no"), "scores", List.of(samples));
    }
}
