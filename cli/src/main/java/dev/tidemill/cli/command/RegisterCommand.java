package dev.tidemill.cli.command;

import dev.tidemill.client.control.ModelVersion;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "register", description = "Register an ONNX file as a model's next version.")
final class RegisterCommand implements Callable<Integer> {
    @Mixin private DataOption data = new DataOption();

    @Parameters(paramLabel = "FILE", description = "An .onnx file.")
    private Path file = Path.of("model.onnx");

    @Option(
            names = "--name",
            required = true,
            paramLabel = "MODEL",
            description = "The model's name.")
    private String name = "";

    @Option(names = "--description", paramLabel = "TEXT", description = "What this version is.")
    private String description = "";

    private final PrintStream out;

    RegisterCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        byte[] content = content();
        ModelVersion version =
                Needed.control(data.folder())
                        .with(control -> control.register(name, description, content));
        out.println(
                "%s version %d (%s)"
                        .formatted(version.name(), version.version(), version.digest()));
        return 0;
    }

    private byte[] content() {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "file: '%s' (expected: a readable .onnx file)".formatted(file),
                    e);
        }
    }
}
