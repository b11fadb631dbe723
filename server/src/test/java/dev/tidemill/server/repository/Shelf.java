package dev.tidemill.server.repository;

import static dev.tidemill.testkit.Tensors.floats;
import static dev.tidemill.testkit.Tensors.floatsOf;

import dev.tidemill.http.Metrics;
import dev.tidemill.server.engine.ComputeThreads;
import dev.tidemill.server.engine.InferenceCall;
import dev.tidemill.server.repository.RepositorySettings.ControlMode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A folder of fake models, and repositories that serve it.
final class Shelf implements AutoCloseable {
    final FakeRuntime runtime = new FakeRuntime();
    private final Path root;
    private final Metrics metrics = new Metrics();
    private final ComputeThreads threads = new ComputeThreads(1);

    Shelf(Path root) {
        this.root = root;
    }

    /// Writes a file, at `model/1/model.onnx` or the like.
    Shelf put(String path, String content) {
        try {
            Path file = root.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, content);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Shelf remove(String path) {
        Uploads.delete(root.resolve(path));
        return this;
    }

    /// What `/metrics` would show.
    String scrape() {
        return new String(metrics.scrape(), StandardCharsets.UTF_8);
    }

    ModelRepository serve(ControlMode mode, String... initial) {
        return serve(
                new RepositorySettings(
                        List.of(root),
                        mode,
                        List.of(initial),
                        Duration.ofHours(1),
                        false,
                        Map.of()));
    }

    ModelRepository serve(ControlMode mode, Map<String, Map<String, String>> labels) {
        return serve(
                new RepositorySettings(
                        List.of(root), mode, List.of("*"), Duration.ofHours(1), false, labels));
    }

    ModelRepository serve(RepositorySettings settings) {
        ModelRepository models =
                new ModelRepository(
                        List.of(),
                        settings,
                        new ModelLoader(
                                List.of(runtime),
                                threads,
                                metrics,
                                new WarmUp(Duration.ZERO, (_, _, _) -> {}, System::nanoTime),
                                System::nanoTime),
                        1);
        models.load();
        return models;
    }

    static float answer(ModelLease lease) {
        return floatsOf(
                lease.model()
                        .infer(
                                InferenceCall.of(
                                        List.of(floats("x", new long[] {1, 1}, 0)), List.of()))
                        .getFirst())[0];
    }

    static float ask(ModelRepository models, String name) {
        try (ModelLease lease = models.acquire(name)) {
            return answer(lease);
        }
    }

    @Override
    public void close() {
        threads.close();
        metrics.close();
    }
}
