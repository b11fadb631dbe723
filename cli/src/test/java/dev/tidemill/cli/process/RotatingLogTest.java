package dev.tidemill.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.common.ByteSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RotatingLogTest {
    @TempDir private Path folder;

    @Test
    void a_full_file_is_kept_under_a_number_and_a_new_one_begins() throws IOException {
        try (RotatingLog log = new RotatingLog(folder.resolve("a.log"), new ByteSize(10))) {
            log.write("0123456789");
            log.write("next");
        }
        assertThat(folder.resolve("a.log")).hasContent("next");
        assertThat(folder.resolve("a.log.1")).hasContent("0123456789");
    }

    @Test
    void however_much_is_written_three_files_are_all_there_is() throws IOException {
        try (RotatingLog log = new RotatingLog(folder.resolve("a.log"), new ByteSize(1000))) {
            for (int i = 0; i < 10_000; i++) {
                log.write("line " + i);
            }
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files)
                    .hasSize(3)
                    .allSatisfy(f -> assertThat(Files.size(f)).isLessThan(1100));
        }
    }

    @Test
    void an_existing_log_is_continued() throws IOException {
        Path file = Files.writeString(folder.resolve("a.log"), "before\n");
        try (RotatingLog log = new RotatingLog(file, new ByteSize(1000))) {
            log.write("after");
        }
        assertThat(file).hasContent("before\nafter");
    }

    @Test
    void a_folder_that_cannot_be_written_loses_lines_and_nothing_else() {
        try (RotatingLog log =
                new RotatingLog(folder.resolve("missing").resolve("a.log"), new ByteSize(10))) {
            log.write("lost");
        }
        assertThat(folder).isEmptyDirectory();
    }
}
