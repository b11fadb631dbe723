package dev.tidemill.cli.cluster;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a training's own program left in its folder: `model.onnx`, or the only file that ends so,
/// there or in the folder `model`; beside it perhaps `model.json`, what a version of a model says
/// of itself; and perhaps `metrics.json`, a mapping of names to numbers. Links are not followed:
/// they could lead to what is this container's alone.
///
/// @param manifest the text of `model.json`; empty where there is none
record ProgramOutput(Path onnx, String manifest, Map<String, Double> metrics) {
    private static final long MOST_BYTES = 1 << 20;

    ProgramOutput {
        metrics = Map.copyOf(metrics);
    }

    /// @throws TidemillException `INVALID_REQUEST` when it is not all there
    static ProgramOutput in(Path folder) {
        try {
            Path inner = folder.resolve("model");
            Path models = Files.isDirectory(inner, LinkOption.NOFOLLOW_LINKS) ? inner : folder;
            return new ProgramOutput(
                    onnx(models),
                    text(models.resolve("model.json")),
                    metrics(text(folder.resolve("metrics.json"))));
        } catch (IOException | UncheckedIOException e) {
            throw invalid(
                    "output: '%s' (expected: a folder that can be read; %s)".formatted(folder, e),
                    e);
        }
    }

    private static Path onnx(Path folder) throws IOException {
        Path usual = folder.resolve("model.onnx");
        if (isFile(usual)) {
            return usual;
        }
        List<Path> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(file -> file.toString().endsWith(".onnx"))
                    .filter(ProgramOutput::isFile)
                    .sorted()
                    .forEach(found::add);
        }
        if (found.size() != 1) {
            throw invalid(
                    "output: '%s' (expected: a model.onnx in the folder that TIDEMILL_OUTPUT names)"
                            .formatted(
                                    found.isEmpty()
                                            ? "no model"
                                            : "%d models".formatted(found.size())));
        }
        return found.getFirst();
    }

    /// Empty where there is no such file.
    private static String text(Path file) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return "";
        }
        if (!isFile(file) || Files.size(file) > MOST_BYTES) {
            throw invalid(
                    "%s: 'unreadable' (expected: a file of at most 1 MiB, no link)"
                            .formatted(file.getFileName()));
        }
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (CharacterCodingException e) {
            throw invalid("%s: 'not UTF-8' (expected: JSON)".formatted(file.getFileName()), e);
        }
    }

    private static boolean isFile(Path file) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    private static Map<String, Double> metrics(String text) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        if (text.isEmpty()) {
            return metrics;
        }
        try {
            JsonNode json = JsonMapper.shared().readTree(text);
            if (json.isObject()) {
                for (Map.Entry<String, JsonNode> metric : json.properties()) {
                    if (!metric.getValue().isNumber()) {
                        throw invalid(
                                "metrics.json: '%s' (expected: a number)"
                                        .formatted(metric.getKey()));
                    }
                    metrics.put(metric.getKey(), metric.getValue().asDouble());
                }
                return metrics;
            }
        } catch (JacksonException e) {
            throw invalid(
                    "metrics.json: 'unreadable' (expected: a mapping of names to numbers, as JSON)",
                    e);
        }
        throw invalid("metrics.json: 'other' (expected: a mapping of names to numbers, as JSON)");
    }

    private static TidemillException invalid(String message) {
        return new TidemillException(ErrorCode.INVALID_REQUEST, message);
    }

    private static TidemillException invalid(String message, Exception cause) {
        return new TidemillException(ErrorCode.INVALID_REQUEST, message, cause);
    }
}
