package dev.tidemill.cli.importing;

import dev.tidemill.cli.process.RotatingLog;
import dev.tidemill.cli.state.StateFolder;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Turns a model of another framework into an ONNX file that agrees with it, or says why not.
public final class Importer {
    private static final Duration INSPECTION = Duration.ofSeconds(60);
    private static final List<Integer> BATCHES = List.of(1, 2, 7, 32);

    private final StateFolder state;
    private final Map<String, String> environment;
    private final BiConsumer<String, String> say;

    /// @param environment of this process
    /// @param say gets one line a step: what it is about, and what happened
    public Importer(
            StateFolder state, Map<String, String> environment, BiConsumer<String, String> say) {
        this.state = state;
        this.environment = Map.copyOf(environment);
        this.say = say;
    }

    /// @param work what to do with the converted model; its file is gone afterwards
    /// @throws TidemillException with the reason when it cannot be converted, or does not agree
    public <T> T convert(ImportRequest request, Function<ImportedModel, T> work) {
        try {
            state.create();
            Files.createDirectories(state.cache());
            Path scratch = Files.createTempDirectory(state.cache(), "import-");
            try (RotatingLog log =
                    new RotatingLog(state.log("import"), RotatingLog.DEFAULT_LIMIT)) {
                return work.apply(convert(request, scratch, new PythonProcess(scratch, log)));
            } finally {
                Folders.delete(scratch);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("import: " + e.getMessage(), e);
        }
    }

    private ImportedModel convert(ImportRequest request, Path scratch, PythonProcess processes)
            throws IOException {
        Detected detected = Detection.of(Listing.of(request.source()), request.kind());
        say.accept("kind", "%s: %s".formatted(detected.kind().label(), detected.why()));
        requireTrust(detected, request);
        ConverterScript script = ConverterScript.unpacked(scratch.resolve("script"), processes);
        Path main = request.source().toAbsolutePath().normalize().resolve(detected.main());
        String python = python(request, detected, main, script, processes);
        Path onnx = scratch.resolve("model.onnx");
        Path question = scratch.resolve("request.json");
        Files.write(
                question,
                JsonMapper.shared().writeValueAsBytes(question(request, detected, main, onnx)));
        List<Difference> differences = Collections.synchronizedList(new ArrayList<>());
        ScriptEvent.Result result =
                script.run(
                        "converter",
                        python,
                        List.of("convert", question.toString()),
                        request.limit(),
                        event -> take(event, differences));
        judge(Verdict.of(differences, request.tolerance()));
        return imported(request, detected, onnx, result.json());
    }

    private void requireTrust(Detected detected, ImportRequest request) {
        if (detected.runsCode().isEmpty()) {
            return;
        }
        String why =
                "loading %s can run any code of whoever made the file"
                        .formatted(detected.runsCode().get());
        if (!request.trust()) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "%s: '%s' (expected: --trust, if you know where it comes from; %s)"
                            .formatted("file", request.source(), why));
        }
        say.accept("trust", why + "; --trust allows it");
    }

    private String python(
            ImportRequest request,
            Detected detected,
            Path main,
            ConverterScript script,
            PythonProcess processes)
            throws IOException {
        ModelKind kind = detected.kind();
        if (request.venv().isPresent()) {
            Path venv = request.venv().get().toAbsolutePath().normalize();
            String python = OwnVenv.checked(venv, kind, processes);
            say.accept("packages", "those of " + venv);
            return python;
        }
        PythonFinder finder =
                new PythonFinder(
                        processes, environment, Path.of(System.getProperty("user.home", ".")));
        List<PythonProbe> probes = finder.probe(request.python());
        Inspection inspection = Inspection.NONE;
        if (Files.isRegularFile(main)) {
            PythonProbe any =
                    PythonChoice.pick(probes, new PythonRange(9, 13), "a look at the file");
            inspection = inspect(script, any, main);
            inspection.require(kind);
        }
        Requirements requirements =
                Requirements.choose(kind, inspection, Requirements.pinned(kind));
        if (!requirements.why().isEmpty()) {
            say.accept("file", requirements.why());
        }
        PythonProbe python =
                PythonChoice.pick(
                        probes,
                        requirements.pythons(),
                        requirements.why().isEmpty()
                                ? "the converters of " + kind.label()
                                : "a file " + requirements.why());
        say.accept(
                "python",
                "%s (%s)"
                        .formatted(
                                python.program(),
                                python.version().map(PythonVersion::toString).orElse("")));
        return new Venv(
                        state.cache().resolve("converters"),
                        processes,
                        line -> say.accept("packages", line))
                .with(kind, requirements, python, request.limit());
    }

    private static Inspection inspect(ConverterScript script, PythonProbe python, Path main) {
        JsonNode json =
                script.run(
                                "look at the file",
                                python.program(),
                                List.of("inspect", main.toString()),
                                INSPECTION,
                                _ -> {})
                        .json();
        return new Inspection(
                json.path("format").asString(""),
                json.path("version").asString(""),
                ScriptEvent.texts(json, "classes"));
    }

    private static Map<String, Object> question(
            ImportRequest request, Detected detected, Path main, Path onnx) {
        return Map.ofEntries(
                Map.entry("kind", detected.kind().label()),
                Map.entry("source", request.source().toAbsolutePath().normalize().toString()),
                Map.entry("main", main.toString()),
                Map.entry("output", onnx.toString()),
                Map.entry("trust", request.trust()),
                Map.entry("seed", request.seed()),
                Map.entry("batches", BATCHES),
                Map.entry("fixedBatch", request.fixedBatch()),
                Map.entry("signature", request.signature()),
                Map.entry(
                        "sample",
                        request.sample().map(file -> file.toAbsolutePath().toString()).orElse("")),
                Map.entry(
                        "shapes",
                        request.inputs().stream()
                                .filter(input -> !input.shape().isEmpty())
                                .map(input -> Map.of("name", input.name(), "shape", input.shape()))
                                .toList()),
                Map.entry(
                        "types",
                        request.inputs().stream()
                                .filter(input -> !input.type().isEmpty())
                                .map(input -> Map.of("name", input.name(), "type", input.type()))
                                .toList()));
    }

    private void take(ScriptEvent event, List<Difference> differences) {
        switch (event) {
            case ScriptEvent.Step(String text) -> say.accept("converter", text);
            case ScriptEvent.Note(String text) -> say.accept("note", text);
            case ScriptEvent.Compared(Difference difference) -> differences.add(difference);
            case ScriptEvent.Refused _, ScriptEvent.Result _ -> {}
        }
    }

    private void judge(Verdict verdict) {
        verdict.lines().forEach(line -> say.accept("check", line));
        if (!verdict.agrees()) {
            throw new TidemillException(
                    ErrorCode.MODEL_FAILED,
                    "the ONNX model does not agree with the original, so it is not taken:%n  %s"
                            .formatted(String.join("%n  ".formatted(), verdict.problems())));
        }
        say.accept("check", "the ONNX model agrees with the original");
    }

    private static ImportedModel imported(
            ImportRequest request, Detected detected, Path onnx, JsonNode json) {
        List<String> versions = new ArrayList<>();
        json.path("versions")
                .properties()
                .forEach(entry ->
                        versions.add(entry.getKey() + " " + entry.getValue().asString("")));
        String description =
                "imported from the %s model %s%s"
                        .formatted(
                                detected.kind().label(),
                                request.source().toAbsolutePath().normalize().getFileName(),
                                versions.isEmpty() ? "" : " (" + String.join(", ", versions) + ")");
        return new ImportedModel(
                onnx,
                description.substring(0, Math.min(500, description.length())),
                ScriptEvent.texts(json, "labels"),
                json.path("scores").asString(""));
    }
}
