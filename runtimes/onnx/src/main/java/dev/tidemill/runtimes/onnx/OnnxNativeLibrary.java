package dev.tidemill.runtimes.onnx;

import ai.onnxruntime.OrtEnvironment;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Puts ONNX Runtime's native library, which its jar carries for every platform, into a folder
/// once, so that processes need not extract it to a temporary folder at each start and leave it
/// there when they are killed. A process uses the folder by the system property [#PATH_PROPERTY].
public final class OnnxNativeLibrary {
    /// Read by ONNX Runtime when its first class is used: set it on the command line.
    public static final String PATH_PROPERTY = "onnxruntime.native.path";

    private static final List<String> LIBRARIES = List.of("onnxruntime", "onnxruntime4j_jni");

    /// In the GPU artifact only; ONNX Runtime looks for them beside its library.
    private static final List<String> CUDA_LIBRARIES =
            List.of("onnxruntime_providers_shared", "onnxruntime_providers_cuda");

    private static final Pattern PARTIAL = Pattern.compile("\\.extracting-(\\d{1,18})-\\d+");

    private OnnxNativeLibrary() {}

    /// The folder `parent/VERSION-PLATFORM`, with `-cuda` after it for the GPU artifact, with the
    /// library in it, made if it is not there. Any number of processes may do this at once, and one
    /// that is killed leaves nothing that another would take for whole.
    ///
    /// @return the value for [#PATH_PROPERTY], absolute
    /// @throws TidemillException `UNAVAILABLE` when there is no library for this platform
    public static Path extract(Path parent) throws IOException {
        requirePlatform();
        Path absolute = parent.toAbsolutePath();
        boolean cuda = hasCuda();
        Path folder = absolute.resolve(version() + "-" + platform() + (cuda ? "-cuda" : ""));
        if (Files.isDirectory(folder)) {
            return folder;
        }
        Files.createDirectories(absolute);
        removeLeftovers(absolute);
        Path partial = Files.createDirectory(absolute.resolve(partialName()));
        try {
            for (String library : LIBRARIES) {
                copy(System.mapLibraryName(library), partial);
            }
            for (String library : cuda ? CUDA_LIBRARIES : List.<String>of()) {
                copy(System.mapLibraryName(library), partial);
            }
            publish(partial, folder);
        } finally {
            delete(partial);
        }
        return folder;
    }

    /// Which ONNX Runtime this build has, such as `ONNX Runtime 1.28.0 for CPU and CUDA`. Loads
    /// nothing.
    public static String flavour() {
        return "ONNX Runtime %s for %s".formatted(version(), hasCuda() ? "CPU and CUDA" : "CPU");
    }

    private static boolean hasCuda() {
        String library = System.mapLibraryName(CUDA_LIBRARIES.getLast());
        String configured = System.getProperty(PATH_PROPERTY);
        return configured == null
                ? resource(library) != null
                : Files.isRegularFile(Path.of(configured, library));
    }

    /// Such as `linux-x64`, as the jar names its folders.
    static String platform() {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        String system = os.contains("mac") ? "osx" : os.contains("win") ? "win" : os;
        String processor = arch.equals("amd64") || arch.equals("x86_64") ? "x64" : arch;
        return system + "-" + processor;
    }

    /// @throws TidemillException `UNAVAILABLE` when there is no library for this platform
    static void requirePlatform() {
        String configured = System.getProperty(PATH_PROPERTY);
        String library = System.mapLibraryName(LIBRARIES.getFirst());
        if (configured != null) {
            if (!Files.isRegularFile(Path.of(configured, library))) {
                throw new TidemillException(
                        ErrorCode.UNAVAILABLE,
                        "%s: '%s' (expected: a folder with %s)"
                                .formatted(PATH_PROPERTY, configured, library));
            }
        } else if (resource(library) == null) {
            throw new TidemillException(
                    ErrorCode.UNAVAILABLE,
                    "platform: '%s' (expected: one that ONNX Runtime %s has a library for, such as linux-x64, linux-aarch64, osx-aarch64)"
                            .formatted(platform(), version()));
        }
    }

    private static String version() {
        return Objects.requireNonNullElse(
                OrtEnvironment.class.getPackage().getImplementationVersion(), "unknown");
    }

    private static @Nullable URL resource(String fileName) {
        return OrtEnvironment.class.getResource("native/" + platform() + "/" + fileName);
    }

    private static void copy(String fileName, Path into) throws IOException {
        URL source = resource(fileName);
        if (source == null) {
            throw new IOException("missing in the jar: " + fileName);
        }
        try (InputStream in = source.openStream()) {
            Files.copy(in, into.resolve(fileName));
        }
    }

    private static void publish(Path partial, Path folder) throws IOException {
        try {
            Files.move(partial, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw e;
        } catch (FileSystemException e) {
            // Another process was faster; what it published is as whole as ours.
            if (!Files.isDirectory(folder)) {
                throw e;
            }
        }
    }

    private static String partialName() {
        return ".extracting-%d-%d"
                .formatted(ProcessHandle.current().pid(), Thread.currentThread().threadId());
    }

    private static void removeLeftovers(Path parent) throws IOException {
        try (Stream<Path> all = Files.list(parent)) {
            for (Path path : all.filter(OnnxNativeLibrary::isLeftover).toList()) {
                delete(path);
            }
        }
    }

    private static boolean isLeftover(Path path) {
        Matcher name = PARTIAL.matcher(path.getFileName().toString());
        return name.matches() && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty();
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(folder);
    }
}
