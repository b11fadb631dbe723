package dev.tidemill.server.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.server.repository.RepositorySettings.ControlMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Ensembles of models that come, go and change.
final class EnsembleRepositoryTest {
    @TempDir Path root;
    private Shelf shelf;

    @BeforeEach
    void open() {
        shelf = new Shelf(root);
    }

    @AfterEach
    void close() {
        shelf.close();
        assertThat(shelf.runtime.crimes).isEmpty();
    }

    @Test
    void starts_with_the_models_that_the_named_ensemble_needs() {
        shelf.put("m/1/model.onnx", "7").put("other/1/model.onnx", "8");
        shelf.put("inner/config.pbtxt", chain("m"));
        shelf.put("outer/config.pbtxt", chain("inner", "m"));
        try (ModelRepository models = shelf.serve(ControlMode.EXPLICIT, "outer")) {
            assertThat(Shelf.ask(models, "outer")).isEqualTo(7);
            assertThat(models.usual("inner").isReady()).isTrue();
            assertThat(models.usual("other").isReady()).isFalse();
            models.unload("m", false);
            assertThat(models.usual("outer"))
                    .isEqualTo(
                            new VersionStatus(
                                    "outer",
                                    "1",
                                    VersionStatus.State.UNAVAILABLE,
                                    "step 1 (inner): model inner is not ready: step 1 (m): model: 'm' is unloaded (expected: a model that is loaded); "
                                            + "step 2 (m): model: 'm' is unloaded (expected: a model that is loaded)"));
            models.load("outer", Optional.empty(), Map.of());
            assertThat(Shelf.ask(models, "outer")).isEqualTo(7);
        }
    }

    @Test
    void is_ready_as_soon_as_the_model_that_it_waits_for_comes() {
        shelf.put("e/config.pbtxt", chain("m"));
        try (ModelRepository models = shelf.serve(ControlMode.POLL)) {
            assertThat(models.obstacle().orElseThrow())
                    .startsWith("model e: step 1 (m): model: 'm' (expected: one of [e])");
            shelf.put("m/1/model.onnx", "3");
            models.look();
            models.look();
            assertThat(models.obstacle()).isEmpty();
            assertThat(Shelf.ask(models, "e")).isEqualTo(3);
        }
    }

    @Test
    void falls_back_to_the_version_before_when_the_graph_changes_into_nonsense() {
        shelf.put("m/1/model.onnx", "3").put("e/config.pbtxt", chain("m"));
        try (ModelRepository models = shelf.serve(ControlMode.POLL)) {
            shelf.put("e/config.pbtxt", chain("gone"));
            models.look();
            models.look();
            assertThat(Shelf.ask(models, "e")).isEqualTo(3);
            assertThat(models.usual("e").reason())
                    .startsWith("changed, and the one before serves on: step 1 (gone): model: ");
        }
    }

    @Test
    void a_circle_of_ensembles_is_a_failure_of_theirs_alone() {
        shelf.put("m/1/model.onnx", "3");
        shelf.put("a/config.pbtxt", chain("b")).put("b/config.pbtxt", chain("a"));
        shelf.put("c/config.pbtxt", chain("a"));
        try (ModelRepository models = shelf.serve(ControlMode.NONE)) {
            assertThat(models.usual("a").reason()).isEqualTo("'a -> b -> a' (expected: no circle)");
            assertThat(models.usual("c").reason())
                    .isEqualTo("'c -> a -> b -> a' (expected: no circle)");
            assertThat(Shelf.ask(models, "m")).isEqualTo(3);
        }
    }

    @Test
    void no_request_is_lost_or_mixed_while_its_models_change() throws Exception {
        shelf.put("m/1/model.onnx", "0").put("e/config.pbtxt", chain("m", "m"));
        try (ModelRepository models = shelf.serve(ControlMode.POLL);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            AtomicBoolean end = new AtomicBoolean();
            AtomicInteger answers = new AtomicInteger();
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                running.add(
                        callers.submit(() -> {
                            float last = 0;
                            while (!end.get()) {
                                float answer = Shelf.ask(models, "e");
                                assertThat(answer).isGreaterThanOrEqualTo(last);
                                last = answer;
                                answers.incrementAndGet();
                            }
                        }));
            }
            for (int version = 2; version <= 12; version++) {
                shelf.put("m/" + version + "/model.onnx", Integer.toString(version));
                int before = answers.get();
                models.look();
                models.look();
                while (answers.get() == before && running.stream().noneMatch(Future::isDone)) {
                    Thread.yield();
                }
            }
            end.set(true);
            for (Future<?> caller : running) {
                caller.get(20, TimeUnit.SECONDS);
            }
            assertThat(Shelf.ask(models, "e")).isEqualTo(12);
        }
        assertThat(shelf.runtime.open).hasValue(0);
    }

    /// Each takes what the one before gave.
    private static String chain(String... steps) {
        StringBuilder text =
                new StringBuilder(
                        """
                        platform: "ensemble"
                        input { name: "x" data_type: TYPE_FP32 dims: [ -1, 1 ] }
                        output { name: "y" data_type: TYPE_FP32 dims: [ -1, 1 ] }
                        ensemble_scheduling {
                        """);
        for (int i = 0; i < steps.length; i++) {
            text.append(
                    """
                    step { model_name: "%s"
                      input_map { key: "x" value: "%s" } output_map { key: "y" value: "%s" } }
                    """
                            .formatted(
                                    steps[i],
                                    i == 0 ? "x" : "t" + i,
                                    i == steps.length - 1 ? "y" : "t" + (i + 1)));
        }
        return text + "}";
    }
}
