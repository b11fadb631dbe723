package dev.tidemill.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BackupCommandTest {
    @TempDir Path folder;

    @Test
    void a_folder_without_dumps_asks_no_bucket_for_anything() {
        assertThat(run("--folder=" + folder, "--bucket=backups"))
                .isEqualTo("nothing new in " + folder + "\n");
    }

    @Test
    void what_it_cannot_mean_is_refused_by_the_options_name() {
        assertThat(run("--folder=" + folder.resolve("nowhere"), "--bucket=backups"))
                .startsWith("--folder: '")
                .contains("(expected: a folder)");
        assertThat(run("--folder=" + folder, "--bucket=Backups"))
                .startsWith("--bucket: 'Backups' (expected: ");
    }

    private String run(String... options) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        Root.commandLine(out, out, InstantSource.system())
                .execute("backup", options[0], options[1], "--credentials=" + folder);
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
