package dev.tidemill.server;

import dev.tidemill.http.Json;
import dev.tidemill.runtimes.spi.ModelManifest;
import dev.tidemill.runtimes.spi.ModelManifest.Sample;
import dev.tidemill.runtimes.spi.TextFeatures;
import dev.tidemill.server.repository.ModelSource;
import dev.tidemill.stores.spi.FolderDigest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Artifact folders as the registry makes them, from the models in the test resources.
final class Artifact {
    static final TextFeatures FEATURES = new TextFeatures(1, 2, 64, 200);

    private Artifact() {}

    /// No labels, no samples.
    static ModelSource plain(Path parent, String name, String model) {
        return of(parent, name, model, manifest(Optional.empty(), List.of(), ""));
    }

    /// The class of the largest of the first three numbers: low, middle or high.
    static ModelSource classifier(Path parent, String name, String sampleLabel) {
        return of(
                parent,
                name,
                "classifier",
                manifest(
                        Optional.empty(),
                        List.of("low", "middle", "high"),
                        "scores",
                        new Sample("", List.of(0f, 1f, 0f, 0f), sampleLabel)));
    }

    /// Text in, red, green or blue out.
    static ModelSource text(Path parent, String name) {
        return of(
                parent,
                name,
                "text-classifier",
                manifest(
                        Optional.of(FEATURES),
                        List.of("red", "green", "blue"),
                        "scores",
                        new Sample("warm up", List.of(), "")));
    }

    static ModelManifest manifest(
            Optional<TextFeatures> features,
            List<String> labels,
            String scores,
            Sample... samples) {
        return new ModelManifest("onnx", "model.onnx", features, labels, scores, List.of(samples));
    }

    static ModelSource of(Path parent, String name, String model, ModelManifest manifest) {
        try (InputStream in = Artifact.class.getResourceAsStream("/models/" + model + ".onnx")) {
            Path folder = Files.createDirectories(parent.resolve(name));
            Files.write(folder.resolve(ModelManifest.FILE), Json.bytes(manifest));
            Files.copy(Objects.requireNonNull(in, model), folder.resolve("model.onnx"));
            return new ModelSource(
                    name, "3", FolderDigest.of(folder).value(), folder.toAbsolutePath().toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
