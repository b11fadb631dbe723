package dev.tidemill.cli.process;

import dev.tidemill.runtimes.onnx.OnnxNativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/// The command line that starts another process of this very distribution: the same JVM, class path
/// and start-up cache as ours.
///
/// @param java the `java` program
/// @param classPath of the distribution
/// @param commonFlags for every role
public record JavaCommand(Path java, String classPath, List<String> commonFlags) {
    private static final System.Logger LOG = System.getLogger(JavaCommand.class.getName());
    private static final String MAIN = "dev.tidemill.cli.Tidemill";

    public JavaCommand {
        commonFlags = List.copyOf(commonFlags);
    }

    /// @param system the properties that the launcher set: `java.home`, `java.class.path`,
    ///   `tidemill.dist`, `tidemill.root`, `tidemill.aot`
    public static JavaCommand of(Properties system) {
        List<String> flags = new ArrayList<>();
        String cache = system.getProperty("tidemill.aot", "");
        if (!cache.isEmpty() && Files.exists(Path.of(cache))) {
            flags.add("-XX:AOTCache=" + cache);
            flags.add("-Dtidemill.aot=" + cache);
        }
        for (String name : List.of("tidemill.dist", "tidemill.root")) {
            String value = system.getProperty(name, "");
            if (!value.isEmpty()) {
                flags.add("-D" + name + "=" + value);
            }
        }
        nativeLibrary(system)
                .ifPresent(path -> flags.add("-D" + OnnxNativeLibrary.PATH_PROPERTY + "=" + path));
        // The collector must be the one that the start-up cache was recorded with.
        flags.addAll(
                List.of(
                        "-XX:+UseSerialGC",
                        "-XX:-UsePerfData",
                        "-XX:+ExitOnOutOfMemoryError",
                        // Warnings of the JVM would go to standard output, between our events.
                        "-Xlog:disable",
                        "-Xlog:all=error:stderr",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow"));
        return new JavaCommand(
                Path.of(system.getProperty("java.home"), "bin", "java"),
                system.getProperty("java.class.path"),
                flags);
    }

    /// The folder of ONNX Runtime's native library: the one that was said, otherwise it is
    /// extracted once, into the distribution. Where that cannot be written, every process extracts
    /// its own.
    ///
    /// @param system as for [#of]
    public static Optional<Path> nativeLibrary(Properties system) {
        String said = system.getProperty(OnnxNativeLibrary.PATH_PROPERTY, "");
        if (!said.isEmpty()) {
            return Optional.of(Path.of(said));
        }
        String dist = system.getProperty("tidemill.dist", "");
        if (dist.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(OnnxNativeLibrary.extract(Path.of(dist, "native")));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "native library", e);
            return Optional.empty();
        }
    }

    /// Later flags win over the common ones.
    public List<String> with(List<String> flags, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.addAll(commonFlags);
        command.addAll(flags);
        command.add("-cp");
        command.add(classPath);
        command.add(MAIN);
        command.addAll(arguments);
        return command;
    }
}
