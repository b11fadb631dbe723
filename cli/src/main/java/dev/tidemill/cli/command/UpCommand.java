package dev.tidemill.cli.command;

import dev.tidemill.cli.process.JavaCommand;
import dev.tidemill.cli.state.StateFolder;
import dev.tidemill.cli.up.DetachedUp;
import dev.tidemill.cli.up.UpRunner;
import java.io.Console;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "up",
        description =
                "Train, register, serve, route and scale what a file declares, on this machine.")
final class UpCommand implements Callable<Integer> {
    @Mixin private DataOption data = new DataOption();

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "Resource file. Default: ./tidemill.yaml, else the quickstart.")
    private @Nullable Path file;

    @Option(
            names = "--detach",
            description = "Return when predictions work; go on in the background.")
    private boolean detach;

    private final PrintStream out;
    private final InstantSource clock;

    UpCommand(PrintStream out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        StateFolder state = data.folder();
        Path chosen =
                file == null ? DefaultFile.find(System.getProperty("tidemill.root", ".")) : file;
        long launched = launchedMillis();
        UpRunner runner = new UpRunner(state, chosen, out, clock, ZoneId.systemDefault());
        if (detach) {
            runner.check();
            List<String> arguments =
                    new ArrayList<>(
                            List.of(
                                    "up",
                                    "--data",
                                    state.root().toString(),
                                    chosen.toAbsolutePath().toString()));
            return new DetachedUp(state, out)
                    .start(JavaCommand.of(System.getProperties()), arguments, launched);
        }
        return runner.run(System.getProperties(), launched, onTerminal());
    }

    /// Without a terminal there is no console, whatever the newest documentation of the JDK says:
    /// its own default console is null then.
    @SuppressWarnings("SystemConsoleNull")
    private static boolean onTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    /// The launcher says when it began, so that building counts.
    private long launchedMillis() {
        String given = System.getenv("TIDEMILL_STARTED_AT");
        try {
            return given == null ? clock.millis() : Long.parseLong(given);
        } catch (NumberFormatException e) {
            return clock.millis();
        }
    }
}
