package dev.tidemill.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
