package dev.tidemill.server.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RepositoryScanTest {
    @TempDir Path temporary;
    private Path root;

    @BeforeEach
    void make() throws IOException {
        root = Files.createDirectory(temporary.resolve("models")).toRealPath();
    }

    @Test
    void knows_tritons_layout() throws IOException {
        put("m/config.pbtxt", "max_batch_size: 4");
        put("m/1/model.onnx", "x");
        put("m/12/model.onnx/model.onnx", "x");
        put("m/012/model.onnx", "x");
        put("m/labels.txt", "x");
        put("m/configs/other.pbtxt", "x");

        FoundModel model = only();

        assertThat(model.problem()).isEmpty();
        assertThat(model.config().config().maxBatchSize()).contains(4);
        assertThat(model.versions())
                .extracting(VersionFiles::version, VersionFiles::file)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("12", "model.onnx/model.onnx"),
                        org.assertj.core.groups.Tuple.tuple("1", "model.onnx"));
    }

    @Test
    void knows_models_without_versions_and_bare_files() throws IOException {
        put("folder/model.onnx", "x");
        put("bare.onnx", "x");
        put("named/3/resnet.onnx", "x");
        put("README.md", "x");
        put(".git/config", "x");

        assertThat(names()).isEqualTo("bare 1 bare.onnx, folder 1 model.onnx, named 3 resnet.onnx");
    }

    @Test
    void knows_a_folder_that_is_a_model_itself() throws IOException {
        put("1/model.onnx", "x");
        put("2/model.onnx", "x");

        assertThat(names()).isEqualTo("models 2 model.onnx");
    }

    @Test
    void keeps_the_troubles_of_a_folder_to_itself() throws IOException {
        put("empty/notes.txt", "x");
        put("bad name/1/model.onnx", "x");
        put("wrong/config.pbtxt", "name: \"other\"");
        put("wrong/1/model.onnx", "x");
        put("good/1/model.onnx", "x");

        assertThat(RepositoryScan.models(root))
                .extracting(model -> model.name() + ": " + model.problem())
                .satisfiesExactly(
                        text -> assertThat(text).startsWith("bad name: name: 'bad name' (expec"),
                        text -> assertThat(text).startsWith("empty: versions: 'none' in '"),
                        text -> assertThat(text).isEqualTo("good: "),
                        text -> assertThat(text).contains("name: 'other' (expected: wrong, as"));
    }

    @Test
    void follows_no_link_out_of_the_repository() throws IOException {
        Path outside = Files.createDirectories(temporary.resolve("outside/1"));
        Files.writeString(outside.resolve("model.onnx"), "x");
        put("inside/1/model.onnx", "x");
        Files.createSymbolicLink(root.resolve("linked"), outside.getParent());
        Files.createDirectories(root.resolve("file/1"));
        Files.createSymbolicLink(root.resolve("file/1/model.onnx"), outside.resolve("model.onnx"));
        Files.createSymbolicLink(root.resolve("alias"), root.resolve("inside"));
        Files.createSymbolicLink(root.resolve("bare.onnx"), outside.resolve("model.onnx"));

        List<FoundModel> models = RepositoryScan.models(root);

        assertThat(models)
                .extracting(FoundModel::name)
                .containsExactly("alias", "bare", "file", "inside", "linked");
        assertThat(models.get(0).problem()).isEmpty();
        assertThat(models.get(1).problem()).contains("(expected: a place inside the repository");
        assertThat(models.get(2).versions().getFirst().problem())
                .contains("(expected: a place inside the repository");
        assertThat(models.get(3).problem()).isEmpty();
        assertThat(models.get(4).problem()).contains("(expected: a place inside the repository");
    }

    @Test
    void differs_when_a_file_does() throws IOException {
        put("m/1/model.onnx", "x");
        FoundModel before = only();
        put("m/1/.hidden", "x");
        assertThat(only()).isEqualTo(before);

        put("m/1/model.onnx", "longer");
        assertThat(only()).isNotEqualTo(before);
    }

    private FoundModel only() throws IOException {
        List<FoundModel> models = RepositoryScan.models(root);
        assertThat(models).hasSize(1);
        return models.getFirst();
    }

    private String names() throws IOException {
        return RepositoryScan.models(root).stream()
                .map(model ->
                        "%s %s %s"
                                .formatted(
                                        model.name(),
                                        model.versions().getFirst().version(),
                                        model.versions().getFirst().file()))
                .collect(Collectors.joining(", "));
    }

    private void put(String path, String content) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
