package dev.tidemill.spec;

import dev.tidemill.common.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Documents to spoil, and the parser with short answers.
final class Yaml {
    static final String FILE = "tidemill.yaml";

    static final String TRAINING =
            """
            apiVersion: tidemill.dev/v1alpha1
            kind: Training
            metadata: {name: digits}
            spec:
              trainer: svm
              parameters: {gamma: 0.0002}
              dataset: {path: data/digits.csv.gz, label: label}
              registers: {model: digits}
            """;

    static final String MODEL =
            """
            apiVersion: tidemill.dev/v1alpha1
            kind: Model
            metadata: {name: digits}
            spec:
              source: digits
            """;

    static final String APP =
            """
            apiVersion: tidemill.dev/v1alpha1
            kind: App
            metadata: {name: portal}
            spec:
              command: [java, Portal.java]
            """;

    static final String GATEWAY =
            """
            apiVersion: tidemill.dev/v1alpha1
            kind: Gateway
            metadata: {name: gateway}
            spec:
              timeouts: {request: 30s}
            """;

    private Yaml() {}

    static String file(String... documents) {
        return String.join("---\n", documents);
    }

    static ParsedSpec parse(String yaml) {
        return SpecParser.parse(FILE, yaml.getBytes(StandardCharsets.UTF_8));
    }

    static List<String> problems(String yaml) {
        return parse(yaml).problems().stream().map(Problem::toString).toList();
    }

    static <T extends Resource> T only(String yaml, Class<T> kind) {
        return kind.cast(parse(yaml).orThrow().getFirst());
    }

    static String quickstart() {
        try {
            return Files.readString(root().resolve("examples/quickstart/tidemill.yaml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The folder of the whole project.
    static Path root() {
        return Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();
    }
}
