package dev.tidemill.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.TidemillException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigFileTest {
    @TempDir Path folder;

    @Test
    void is_one_line_for_each_of_its_contents() throws IOException {
        Path file = folder.resolve("config.json");
        Files.writeString(file, "{\n  \"a\" : 1\n}\n");
        ConfigFile config = new ConfigFile(file, UnaryOperator.identity());
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(config.follow(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo("{\"a\":1}");

            Files.writeString(file, "{\"a\":");
            Path fresh = folder.resolve("fresh.json");
            Files.writeString(fresh, "{\"a\":2}");
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);

            assertThat(lines.readLine()).isEqualTo("{\"a\":2}");
        }
    }

    @Test
    void must_be_json_at_the_start() throws IOException {
        Path file = folder.resolve("config.json");
        assertThatThrownBy(() -> new ConfigFile(file, UnaryOperator.identity()).follow())
                .isInstanceOf(TidemillException.class)
                .hasMessageContaining("expected: a readable file of JSON");
        Files.writeString(file, "{");
        assertThatThrownBy(() -> new ConfigFile(file, UnaryOperator.identity()).follow())
                .isInstanceOf(TidemillException.class);
    }
}
