package dev.tidemill.cli.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RepositoryFolderTest {
    private static final Path CLASSIFIER =
            Path.of("..", "server", "src", "test", "resources", "models", "classifier.onnx");

    @TempDir private Path folder;

    @Test
    void versions_are_numbered_and_come_with_manifest_labels_and_configuration()
            throws IOException {
        ImportedModel model = new ImportedModel(CLASSIFIER, "", List.of("no", "yes"), "");
        RepositoryFolder repository = new RepositoryFolder(folder);
        assertThat(repository.add("m", model)).isEqualTo(folder.resolve("m").resolve("1"));
        Path second = repository.add("m", model);
        assertThat(second).isEqualTo(folder.resolve("m").resolve("2"));
        assertThat(second.resolve("model.onnx")).hasSameBinaryContentAs(CLASSIFIER);
        assertThat(second.resolve("model.json")).content().contains("\"yes\"");
        assertThat(folder.resolve("m").resolve("labels.txt")).hasContent("no\nyes");
        assertThat(folder.resolve("m").resolve("config.pbtxt")).content().startsWith("name: \"m\"");
    }

    @Test
    void what_the_folder_says_changes_whole_and_only_where_it_has_to() throws IOException {
        RepositoryFolder repository = new RepositoryFolder(folder);
        repository.add("m", new ImportedModel(CLASSIFIER, "", List.of("no", "yes"), ""));
        Path labels = folder.resolve("m").resolve("labels.txt");
        Path config = folder.resolve("m").resolve("config.pbtxt");
        // A reader that has the file open has this one.
        Path read = Files.createLink(folder.resolve("read"), labels);
        Object before = Files.getAttribute(config, "unix:ino");
        repository.add("m", new ImportedModel(CLASSIFIER, "", List.of("never", "ever"), ""));

        assertThat(read).hasContent("no\nyes");
        assertThat(labels).hasContent("never\never");
        assertThat(Files.getAttribute(config, "unix:ino")).isEqualTo(before);
        try (Stream<Path> all = Files.list(folder.resolve("m"))) {
            assertThat(all)
                    .extracting(path -> path.getFileName().toString())
                    .containsExactlyInAnyOrder("1", "2", "labels.txt", "config.pbtxt");
        }
    }

    @Test
    void what_our_runtime_does_not_load_leaves_no_version() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.onnx"), "no model");
        assertThatThrownBy(() ->
                        new RepositoryFolder(folder)
                                .add("m", new ImportedModel(broken, "", List.of(), "")))
                .hasMessageContaining("expected: an ONNX model");
        try (Stream<Path> all = Files.list(folder)) {
            assertThat(all).containsExactly(broken);
        }
    }
}
