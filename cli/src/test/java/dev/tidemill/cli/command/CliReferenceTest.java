package dev.tidemill.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/// `docs/cli.md` is what the commands say of themselves.
final class CliReferenceTest {
    private static final Path PAGE = Path.of("..", "docs", "cli.md");

    @Test
    void docs_cli_md_is_the_help_of_every_command() throws IOException {
        String page = page();
        if (Boolean.getBoolean("tidemill.update")) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE).as("write it anew with -Dtidemill.update=true").hasContent(page);
    }

    private static String page() {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        CommandLine root = Root.commandLine(nowhere, nowhere, InstantSource.system());
        StringBuilder page =
                new StringBuilder("# Commands\n\nGenerated from the commands themselves.\n");
        section(page, "tidemill", root);
        root.getSubcommands()
                .forEach((name, command) -> section(page, "tidemill " + name, command));
        return page.toString();
    }

    private static void section(StringBuilder page, String title, CommandLine command) {
        page.append("\n## ").append(title).append("\n\n```\n");
        page.append(command.getUsageMessage(Ansi.OFF).stripTrailing()).append("\n```\n");
    }
}
