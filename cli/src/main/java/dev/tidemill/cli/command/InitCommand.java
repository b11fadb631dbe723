package dev.tidemill.cli.command;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "init",
        description =
                "Copy the quickstart (file, data, sample requests) into a folder to start from.")
final class InitCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..1",
            paramLabel = "DIR",
            description = "Folder, made when it is not there. Default: this one.")
    private Path folder = Path.of(".");

    private final PrintStream out;

    InitCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws IOException {
        Path source = DefaultFile.quickstart(System.getProperty("tidemill.root", "."));
        List<Path> files;
        try (Stream<Path> all = Files.walk(source)) {
            files = all.filter(Files::isRegularFile).map(source::relativize).sorted().toList();
        }
        for (Path file : files) {
            if (Files.exists(folder.resolve(file))) {
                throw new TidemillException(
                        ErrorCode.CONFLICT,
                        "folder: '%s' (expected: one without %s; nothing was written)"
                                .formatted(folder, file));
            }
        }
        for (Path file : files) {
            Path target = folder.resolve(file);
            Files.createDirectories(target.toAbsolutePath().getParent());
            Files.copy(source.resolve(file), target);
            out.println("wrote " + target.normalize());
        }
        out.println("next: cd " + folder.normalize() + " && tidemill up");
        return 0;
    }
}
