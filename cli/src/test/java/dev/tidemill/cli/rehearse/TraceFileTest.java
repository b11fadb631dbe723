package dev.tidemill.cli.rehearse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.TidemillException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TraceFileTest {
    @TempDir Path folder;

    @Test
    void lines_come_one_by_one_packed_or_not() throws IOException {
        String text = "a\nb\r\n\nlast, 天".repeat(20_000);
        Path plain = Files.writeString(folder.resolve("plain"), text);
        Path packed = folder.resolve("packed.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(lines(plain)).isEqualTo(List.of(text.split("\n", -1)));
        assertThat(lines(packed)).isEqualTo(lines(plain));
    }

    @Test
    void what_is_no_text_of_lines_is_refused() throws IOException {
        Path wide = Files.write(folder.resolve("wide"), "a,b".getBytes(StandardCharsets.UTF_16));
        assertThatThrownBy(() -> lines(wide))
                .isInstanceOf(TidemillException.class)
                .hasMessageContaining("UTF-16");
        Path endless = Files.writeString(folder.resolve("endless"), "x\n" + "y".repeat(1_100_000));
        assertThatThrownBy(() -> lines(endless)).hasMessageContaining("trace line 2: 'yyy");
        assertThatThrownBy(() -> lines(folder)).hasMessageContaining("not a folder");
        assertThatThrownBy(() -> lines(folder.resolve("none")))
                .hasMessageContaining("readable file");
    }

    private static List<String> lines(Path file) {
        List<String> lines = new ArrayList<>();
        try (TraceFile trace = TraceFile.open(file, _ -> {})) {
            trace.forEachRemaining(lines::add);
        }
        return lines;
    }
}
