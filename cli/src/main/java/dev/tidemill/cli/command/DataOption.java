package dev.tidemill.cli.command;

import dev.tidemill.cli.state.StateFolder;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/// `--data`, for every command that works on a data folder.
final class DataOption {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Data folder. Default: $${env:TIDEMILL_DATA} or .tidemill in this folder.",
            defaultValue = "${env:TIDEMILL_DATA:-.tidemill}")
    private Path data = Path.of(".tidemill");

    StateFolder folder() {
        return new StateFolder(data.toAbsolutePath().normalize());
    }
}
