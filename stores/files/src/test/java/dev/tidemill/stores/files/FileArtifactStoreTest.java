package dev.tidemill.stores.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.Digest;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.stores.spi.ArtifactStore;
import dev.tidemill.testkit.ArtifactStoreContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileArtifactStoreTest extends ArtifactStoreContract {
    @TempDir private Path root;
    @TempDir private Path model;

    @Override
    protected ArtifactStore store() {
        return FileArtifactStore.in(root);
    }

    @Test
    void makes_stored_files_read_only() throws IOException {
        Path stored = store().open(store().put(model("weights"))).resolve("model.onnx");

        assertThat(Files.getPosixFilePermissions(stored))
                .doesNotContain(
                        PosixFilePermission.OWNER_WRITE,
                        PosixFilePermission.GROUP_WRITE,
                        PosixFilePermission.OTHERS_WRITE);
    }

    @Test
    void says_what_was_needed_and_what_is_free_when_the_disk_is_full() throws IOException {
        ArtifactStore full = FileArtifactStore.in(root, () -> 2048);
        Path folder = model("w".repeat(100_000));

        assertThatThrownBy(() -> full.put(folder))
                .isInstanceOfSatisfying(
                        TidemillException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.NO_SPACE))
                .hasMessageMatching(
                        "artifact: '105\\.7 KiB' \\(expected: at most the 2\\.0 KiB that are free"
                                + " for .*\\)");
        assertThat(root.resolve("incoming")).isEmptyDirectory();
        assertThat(root.resolve("sha256")).isEmptyDirectory();
    }

    @Test
    void removes_at_the_start_what_a_crash_left() throws IOException {
        Path leftover = Files.createDirectories(root.resolve("incoming/put-1/extra"));
        Files.writeString(leftover.resolve("half"), "wei");

        store();

        assertThat(root.resolve("incoming")).isEmptyDirectory();
    }

    @Test
    void does_not_take_an_unfinished_copy_for_an_artifact() throws IOException {
        Digest digest = store().put(model("weights"));
        Path place = root.resolve("sha256").resolve(digest.hex());
        Files.move(place, root.resolve("incoming/put-1"));

        assertThatThrownBy(() -> store().open(digest))
                .hasMessageContaining("expected: one that was stored");
    }

    @Test
    void keeps_artifacts_over_a_restart() throws IOException {
        Digest digest = store().put(model("weights"));

        assertThat(store().open(digest).resolve("model.onnx")).hasContent("weights");
    }

    @Test
    void leaves_no_copy_behind_when_the_content_is_there_already() throws IOException {
        store().put(model("weights"));
        store().put(model("weights"));

        assertThat(root.resolve("incoming")).isEmptyDirectory();
    }

    private Path model(String weights) throws IOException {
        Files.writeString(model.resolve("model.onnx"), weights);
        return model;
    }
}
