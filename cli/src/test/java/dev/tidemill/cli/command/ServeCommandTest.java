package dev.tidemill.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.server.ServerConfig;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// What `serve` refuses before it serves.
final class ServeCommandTest {
    @TempDir Path folder;

    @Test
    void names_the_option_that_is_wrong() {
        assertRefused("--http-port: '70000' (expected: 0 to 65535)", "--http-port", "70000");
        assertRefused("--max-body: 'much' (expected: a size such as", "--max-body", "much");
        assertRefused(
                "--version-label: 'm=3' (expected: such as resnet:stable=3)",
                "--version-label",
                "m=3");
        assertRefused(
                "model control mode: 'now' (expected: none, poll or explicit)",
                "--model-control-mode",
                "now");
        assertRefused("repository poll: 'PT0S'", "--repository-poll-seconds", "0");
        assertRefused(
                "none' (expected: a folder)",
                "--model-repository",
                folder.resolve("none").toString());
    }

    @Test
    void bounds_memory_by_the_heap_and_drains_where_somebody_may_route_to_it() {
        ServerConfig said = config("--max-in-flight-bytes", "1Mi", "--drain-seconds", "0.5");
        assertThat(said.maxInFlightBytes()).isEqualTo(1 << 20);
        assertThat(said.drainMillis()).isEqualTo(500);
        ServerConfig plain = config();
        assertThat(plain.maxInFlightBytes())
                .isEqualTo(Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / 3));
        // Tests run at no terminal.
        assertThat(plain.drainMillis()).isEqualTo(5000);
    }

    private ServerConfig config(String... options) {
        ServeCommand command = new ServeCommand(new PrintStream(OutputStream.nullOutputStream()));
        List<String> arguments = new ArrayList<>(List.of("--model-repository", folder.toString()));
        arguments.addAll(List.of(options));
        new CommandLine(command).parseArgs(arguments.toArray(String[]::new));
        return command.config(Optional.empty());
    }

    private void assertRefused(String message, String... options) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        PrintStream err = new PrintStream(said, true, StandardCharsets.UTF_8);
        List<String> arguments =
                new ArrayList<>(List.of("serve", "--model-repository", folder.toString()));
        arguments.addAll(List.of(options));

        int code =
                Root.commandLine(nowhere, err, InstantSource.system())
                        .execute(arguments.toArray(String[]::new));

        assertThat(said.toString(StandardCharsets.UTF_8)).contains(message);
        assertThat(code).isEqualTo(1);
    }
}
