package dev.tidemill.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.Digest;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.stores.spi.ArtifactStore;
import dev.tidemill.stores.spi.FolderDigest;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every [ArtifactStore] must do. A subclass brings a store that is empty and started.
public abstract class ArtifactStoreContract {
    private ArtifactStore store;
    private Path source;

    protected abstract ArtifactStore store() throws IOException;

    @BeforeEach
    final void prepare(@TempDir Path folder) throws IOException {
        store = store();
        source = folder.resolve("model");
        write(source.resolve("model.onnx"), "weights");
        write(source.resolve("extra/vocabulary.txt"), "a b c");
    }

    @Test
    final void gives_back_exactly_the_files_that_were_stored() throws IOException {
        Path opened = store.open(store.put(source));

        assertThat(opened.resolve("model.onnx")).hasContent("weights");
        assertThat(opened.resolve("extra/vocabulary.txt")).hasContent("a b c");
        assertThat(FolderDigest.of(opened)).isEqualTo(FolderDigest.of(source));
    }

    @Test
    final void names_content_by_its_digest() throws IOException {
        assertThat(store.put(source)).isEqualTo(FolderDigest.of(source));
    }

    @Test
    final void gives_the_same_digest_for_the_same_content_wherever_it_comes_from(
            @TempDir Path elsewhere) throws IOException {
        Digest first = store.put(source);
        write(elsewhere.resolve("extra/vocabulary.txt"), "a b c");
        write(elsewhere.resolve("model.onnx"), "weights");

        assertThat(store.put(elsewhere)).isEqualTo(first);
    }

    @Test
    final void gives_another_digest_for_another_content_and_for_another_name() throws IOException {
        Set<Digest> digests = new HashSet<>();
        digests.add(store.put(source));
        write(source.resolve("model.onnx"), "other weights");
        digests.add(store.put(source));
        Files.move(source.resolve("model.onnx"), source.resolve("renamed.onnx"));
        digests.add(store.put(source));

        assertThat(digests).hasSize(3);
    }

    @Test
    final void keeps_what_was_stored_when_the_source_changes_or_goes() throws IOException {
        Digest digest = store.put(source);
        write(source.resolve("model.onnx"), "changed");
        Files.delete(source.resolve("extra/vocabulary.txt"));

        assertThat(store.open(digest).resolve("model.onnx")).hasContent("weights");
        assertThat(store.open(digest).resolve("extra/vocabulary.txt")).hasContent("a b c");
    }

    @Test
    final void says_where_an_artifact_is_without_having_it() {
        Digest digest = store.put(source);
        Digest unknown = Digest.of(new byte[] {1});

        assertThat(store.locate(digest)).isEqualTo(store.open(digest));
        assertThat(store.locate(unknown)).doesNotExist().isNotEqualTo(store.locate(digest));
    }

    @Test
    final void does_not_know_what_was_never_stored() {
        Digest unknown = Digest.of(new byte[] {1});

        assertCode(ErrorCode.NOT_FOUND, () -> store.open(unknown));
    }

    @Test
    final void refuses_an_empty_folder(@TempDir Path empty) {
        assertCode(ErrorCode.INVALID_REQUEST, () -> store.put(empty));
    }

    @Test
    final void refuses_a_folder_that_is_not_there(@TempDir Path folder) {
        assertCode(ErrorCode.INVALID_REQUEST, () -> store.put(folder.resolve("missing")));
    }

    @Test
    final void refuses_links_even_to_regular_files() throws IOException {
        Files.createSymbolicLink(source.resolve("link"), source.resolve("model.onnx"));

        assertCode(ErrorCode.INVALID_REQUEST, () -> store.put(source));
    }

    @Test
    final void notices_a_changed_file() throws IOException {
        Digest digest = store.put(source);
        write(writable(store.open(digest).resolve("model.onnx")), "Weights");

        assertCode(ErrorCode.CORRUPT_ARTIFACT, () -> store.open(digest));
    }

    @Test
    final void notices_a_lost_file() throws IOException {
        Digest digest = store.put(source);
        Files.delete(store.open(digest).resolve("extra/vocabulary.txt"));

        assertCode(ErrorCode.CORRUPT_ARTIFACT, () -> store.open(digest));
    }

    @Test
    final void notices_an_added_file() throws IOException {
        Digest digest = store.put(source);
        write(store.open(digest).resolve("added.txt"), "");

        assertCode(ErrorCode.CORRUPT_ARTIFACT, () -> store.open(digest));
    }

    @Test
    final void repairs_a_damaged_artifact_when_its_content_is_stored_again() throws IOException {
        Digest digest = store.put(source);
        write(writable(store.open(digest).resolve("model.onnx")), "Weights");

        assertThat(store.put(source)).isEqualTo(digest);
        assertThat(store.open(digest).resolve("model.onnx")).hasContent("weights");
    }

    @Test
    final void stores_the_same_content_from_many_threads_at_once() throws Exception {
        int threads = 8;
        CyclicBarrier together = new CyclicBarrier(threads);
        List<Callable<Digest>> puts =
                IntStream.range(0, threads)
                        .<Callable<Digest>>mapToObj(_ ->
                                () -> {
                                    together.await();
                                    return store.put(source);
                                })
                        .toList();
        Set<Digest> digests = new HashSet<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Digest> put : executor.invokeAll(puts)) {
                digests.add(put.get());
            }
        }

        assertThat(digests).containsExactly(FolderDigest.of(source));
        assertThat(store.open(digests.iterator().next()).resolve("model.onnx"))
                .hasContent("weights");
    }

    private static Path writable(Path file) {
        File plain = file.toFile();
        assertThat(plain.setWritable(true)).isTrue();
        return file;
    }

    private static void write(Path file, String content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private static void assertCode(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        TidemillException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code));
    }
}
