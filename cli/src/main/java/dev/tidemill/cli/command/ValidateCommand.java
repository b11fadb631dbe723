package dev.tidemill.cli.command;

import dev.tidemill.cli.up.SpecFile;
import dev.tidemill.spec.Resource;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "validate", description = "Check a file and show everything that is wrong with it.")
final class ValidateCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "Resource file.")
    private Path file = Path.of("tidemill.yaml");

    private final PrintStream out;

    ValidateCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        List<Resource> resources = SpecFile.parse(file);
        out.println(
                file
                        + ": valid ("
                        + resources.stream()
                                .map(r -> r.kind() + "/" + r.name())
                                .collect(Collectors.joining(", "))
                        + ")");
        return 0;
    }
}
