package dev.tidemill.runtimes.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OnnxNativeLibraryTest {
    @TempDir Path parent;

    @Test
    void puts_both_libraries_into_a_folder_named_by_version_and_platform() throws IOException {
        Path folder = OnnxNativeLibrary.extract(parent);

        assertThat(folder.getFileName().toString())
                .matches("\\d+\\.\\d+\\.\\d+-" + OnnxNativeLibrary.platform() + "(-cuda)?");
        assertThat(folder.resolve(System.mapLibraryName("onnxruntime"))).isNotEmptyFile();
        assertThat(folder.resolve(System.mapLibraryName("onnxruntime4j_jni"))).isNotEmptyFile();
    }

    @Test
    void does_it_once() throws IOException {
        Path library =
                OnnxNativeLibrary.extract(parent).resolve(System.mapLibraryName("onnxruntime"));
        FileTime before = Files.getLastModifiedTime(library);

        assertThat(OnnxNativeLibrary.extract(parent)).isEqualTo(library.getParent());
        assertThat(Files.getLastModifiedTime(library)).isEqualTo(before);
    }

    @Test
    void does_it_for_several_at_once() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            List<Future<Path>> folders = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                folders.add(threads.submit(() -> OnnxNativeLibrary.extract(parent)));
            }
            for (Future<Path> folder : folders) {
                assertThat(folder.get()).isDirectory();
            }
        }
        assertThat(children()).hasSize(1);
    }

    @Test
    void removes_what_a_killed_process_left_but_not_what_a_living_one_writes() throws IOException {
        Path dead = Files.createDirectory(parent.resolve(".extracting-999999999-1"));
        Files.writeString(dead.resolve("half"), "x");
        Path alive =
                Files.createDirectory(
                        parent.resolve(
                                ".extracting-%d-1".formatted(ProcessHandle.current().pid())));

        OnnxNativeLibrary.extract(parent);

        assertThat(dead).doesNotExist();
        assertThat(alive).exists();
    }

    private List<Path> children() throws IOException {
        try (Stream<Path> all = Files.list(parent)) {
            return all.toList();
        }
    }
}
