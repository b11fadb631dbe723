package dev.tidemill.server.modelconfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What `docs/model-repository.md` shows is what happens.
final class ModelRepositoryPageTest {
    private static final Path PAGE = Path.of("..", "docs", "model-repository.md");

    @Test
    void the_example_is_read() throws IOException {
        String page = Files.readString(PAGE);
        String example = page.split("## config.pbtxt\n\n```\n")[1].split("```")[0];

        ReadConfig read =
                ModelConfigReader.text(
                        "config.pbtxt", example.getBytes(StandardCharsets.UTF_8), "m");

        assertThat(read.warnings()).isEmpty();
        DynamicBatching batching = read.config().batching().orElseThrow();
        assertThat(batching.preferredSizes()).isEqualTo(List.of(4, 8));
        assertThat(batching.defaultPolicy().timeout()).isEqualTo(Duration.ofMillis(50));
        assertThat(read.config().warmUp()).hasSize(1);
    }

    @Test
    void the_refusal_is_as_shown() throws IOException {
        String wrong = "max_batch_size: 8\ndynamic_batching {\n  prefered_batch_size: 4\n}";
        String shown = "dynamic_batching: 'prefered_batch_size' (expected: preferred_batch_size?)";

        assertThat(Files.readString(PAGE)).contains(shown);
        assertThatThrownBy(() ->
                        ModelConfigReader.text(
                                "config.pbtxt", wrong.getBytes(StandardCharsets.UTF_8), "m"))
                .hasMessage("config.pbtxt:3:3: " + shown);
    }
}
