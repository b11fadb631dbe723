package dev.tidemill.cli.command;

import dev.tidemill.cli.importing.ImportRequest;
import dev.tidemill.cli.importing.ImportedModel;
import dev.tidemill.cli.importing.Importer;
import dev.tidemill.cli.importing.InputOption;
import dev.tidemill.cli.importing.ModelKind;
import dev.tidemill.cli.importing.RepositoryFolder;
import dev.tidemill.client.control.ModelVersion;
import dev.tidemill.common.DurationText;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.ResourceName;
import dev.tidemill.common.TidemillException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "import",
        description =
                "Turn a SavedModel, scikit-learn, PyTorch or transformers model into ONNX, check that both agree, and register it.")
final class ImportCommand implements Callable<Integer> {
    @Mixin private DataOption data = new DataOption();

    @Parameters(paramLabel = "MODEL", description = "File or folder with the model.")
    private Path source = Path.of(".");

    @Option(
            names = "--name",
            required = true,
            paramLabel = "NAME",
            description = "The name to register it under.")
    private String name = "";

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            description =
                    "saved-model, sklearn, torch or transformers. Default: found out from the files.")
    private @Nullable String kind;

    @Option(
            names = "--input-shape",
            paramLabel = "INPUT=SIZES",
            description =
                    "An input's shape, such as x=1,3,224,224, batch first; one for each, in the model's order.")
    private Map<String, String> shapes = new LinkedHashMap<>();

    @Option(
            names = "--input-type",
            paramLabel = "INPUT=TYPE",
            description = "An input's type, such as ids=int64. Default: float32, or what is known.")
    private Map<String, String> types = new LinkedHashMap<>();

    @Option(
            names = "--sample",
            paramLabel = "FILE",
            description = "Inputs for the check: an .npz file with an array for each input.")
    private @Nullable Path sample;

    @Option(
            names = "--fixed-batch",
            paramLabel = "ROWS",
            description = "For models that take this many rows only.")
    private int fixedBatch;

    @Option(
            names = "--signature",
            paramLabel = "NAME",
            description = "A SavedModel's signature. Default: serving_default.")
    private String signature = "";

    @Option(
            names = "--tolerance",
            paramLabel = "NUMBER",
            description =
                    "Largest difference that still agrees, absolute below 1 and relative above. Default: 1e-4.")
    private double tolerance = 1e-4;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of the made-up inputs.")
    private long seed = 7;

    @Option(
            names = "--trust",
            description =
                    "Allow pickles and PyTorch files, which run code of whoever made them when they are loaded.")
    private boolean trust;

    @Option(
            names = "--alias",
            paramLabel = "ALIAS",
            description = "Point this alias at the new version.")
    private @Nullable String alias;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description =
                    "Write DIR/NAME/VERSION/model.onnx for a model repository instead of registering.")
    private @Nullable Path output;

    @Option(
            names = "--venv",
            paramLabel = "DIR",
            description =
                    "Your own virtual environment with the converters. Default: one is made in the data folder.")
    private @Nullable Path venv;

    @Option(
            names = "--python",
            paramLabel = "PROGRAM",
            description = "The Python to make one with. Default: TIDEMILL_PYTHON, or one is found.")
    private @Nullable String python;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description = "Limit for installing and for converting, each. Default: 30m.")
    private String timeout = "30m";

    private final PrintStream out;

    ImportCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        requireOptions();
        ImportRequest request =
                new ImportRequest(
                        source,
                        Optional.ofNullable(kind).map(ModelKind::of),
                        InputOption.of(shapes, types),
                        Optional.ofNullable(sample),
                        fixedBatch,
                        trust,
                        tolerance,
                        seed,
                        Optional.ofNullable(venv),
                        Optional.ofNullable(python),
                        signature,
                        limit());
        new Importer(data.folder(), System.getenv(), this::say)
                .convert(
                        request,
                        model -> {
                            keep(model);
                            return model;
                        });
        return 0;
    }

    private void requireOptions() {
        if (!ResourceName.isValid(name)) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "--name: '%s' (expected: %s)".formatted(name, ResourceName.EXPECTED));
        }
        if (!(tolerance > 0 && tolerance <= 1)) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "--tolerance: '%s' (expected: above 0, at most 1)".formatted(tolerance));
        }
        if (fixedBatch < 0) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "--fixed-batch: '%d' (expected: at least 1)".formatted(fixedBatch));
        }
        if (alias != null && output != null) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "--alias: '%s' (expected: none with --output, which registers nothing)"
                            .formatted(alias));
        }
    }

    private Duration limit() {
        try {
            return DurationText.parse(timeout);
        } catch (IllegalArgumentException e) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST, "--timeout: " + e.getMessage(), e);
        }
    }

    private void keep(ImportedModel model) {
        if (output != null) {
            say("written", new RepositoryFolder(output).add(name, model).toString());
            return;
        }
        ModelVersion version =
                Needed.control(data.folder())
                        .with(control -> {
                            ModelVersion made =
                                    control.register(name, model.description(), model.file());
                            if (alias != null) {
                                control.promote(name, alias, made.version());
                            }
                            return made;
                        });
        say(
                "registered",
                "%s version %d (%s)"
                        .formatted(version.name(), version.version(), version.digest()));
        if (alias != null) {
            say("registered", "%s@%s is version %d".formatted(name, alias, version.version()));
        }
    }

    private void say(String about, String what) {
        out.println(String.format(Locale.ROOT, "%-11s%s", about, what));
    }
}
