package dev.tidemill.cli;

import dev.tidemill.cli.command.Root;
import dev.tidemill.control.ControlProcess;
import dev.tidemill.gateway.GatewayProcess;
import dev.tidemill.server.ServerProcess;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;

/// The one main class of the distribution: a role, when the only argument names one, otherwise the
/// command line. Roles read their configuration from standard input.
public final class Tidemill {
    private Tidemill() {}

    public static void main(String[] arguments) throws InterruptedException {
        String role = arguments.length == 1 ? arguments[0] : "";
        switch (role) {
            case "server" -> ServerProcess.main(System.in, System.out);
            case "gateway" -> GatewayProcess.main(System.in, System.out);
            case "control" -> ControlProcess.main(System.in, System.out);
            default -> command(arguments);
        }
    }

    private static void command(String[] arguments) {
        // Intents are in Chinese too: what the terminal's locale says must not lose characters.
        PrintStream out = utf8(FileDescriptor.out);
        PrintStream err = utf8(FileDescriptor.err);
        System.exit(Root.commandLine(out, err, InstantSource.system()).execute(arguments));
    }

    private static PrintStream utf8(FileDescriptor target) {
        return new PrintStream(new FileOutputStream(target), true, StandardCharsets.UTF_8);
    }
}
