package dev.tidemill.cli.command;

import dev.tidemill.cli.process.ConfigFile;
import dev.tidemill.control.ControlProcess;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "control",
        description = "Run the registry and the trainings, alone, until SIGTERM.")
final class ControlCommand implements Callable<Integer> {
    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description =
                    "Control's own configuration, JSON, as 'tidemill render' writes it for a cluster.")
    private Path config = Path.of("");

    private final PrintStream out;

    ControlCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        Addresses.follow();
        ControlProcess.main(new ConfigFile(config, UnaryOperator.identity()).follow(), out);
        return 0;
    }
}
