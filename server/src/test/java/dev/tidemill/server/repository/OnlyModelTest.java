package dev.tidemill.server.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.server.repository.RepositorySettings.ControlMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Folders of one model that is served by another name, as KServe mounts them at `/mnt/models`.
final class OnlyModelTest {
    @TempDir Path root;

    @ParameterizedTest
    @CsvSource({
        "model.onnx, 1",
        "resnet50.onnx, 1",
        "1/model.onnx, 1",
        "7/model.onnx, 7",
        "7/m.onnx, 7"
    })
    void has_one_of_the_layouts_and_the_name_that_it_is_given(String file, String version)
            throws IOException {
        Path path = root.resolve("mnt/models").resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, "x");

        FoundModel model = RepositoryScan.only("flowers", root.resolve("mnt/models"));

        assertThat(model.problem()).isEmpty();
        assertThat(model.name()).isEqualTo("flowers");
        assertThat(model.versions()).extracting(VersionFiles::version).containsExactly(version);
    }

    @Test
    void of_two_files_neither_is_meant() throws IOException {
        Files.writeString(root.resolve("a.onnx"), "x");
        Files.writeString(root.resolve("b.onnx"), "x");

        assertThat(RepositoryScan.only("flowers", root).problem()).startsWith("versions: 'none'");
    }

    @Test
    void is_served_by_that_name_and_beside_a_repository() {
        try (Shelf shelf = new Shelf(root)) {
            shelf.put("repository/other/1/model.onnx", "2").put("single/1/model.onnx", "5");
            try (ModelRepository models =
                    shelf.serve(
                            new RepositorySettings(
                                    List.of(root.resolve("repository")),
                                    ControlMode.NONE,
                                    List.of(),
                                    Duration.ofHours(1),
                                    true,
                                    Map.of(),
                                    false,
                                    Map.of("flowers", root.resolve("single"))))) {
                assertThat(Shelf.ask(models, "flowers")).isEqualTo(5);
                assertThat(Shelf.ask(models, "other")).isEqualTo(2);
            }
        }
    }
}
