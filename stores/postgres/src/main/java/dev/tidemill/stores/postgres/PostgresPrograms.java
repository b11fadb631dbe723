package dev.tidemill.stores.postgres;

import java.io.BufferedInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/// PostgreSQL's own programs, unpacked from the jar of this platform into a folder that is theirs
/// alone.
final class PostgresPrograms {
    private static final System.Logger LOG = System.getLogger(PostgresPrograms.class.getName());

    private final Path home;
    private final boolean root;

    private PostgresPrograms(Path home, boolean root) {
        this.home = home;
        this.root = root;
    }

    /// Unpacks the programs unless they are there. Other versions in the folder are removed.
    ///
    /// @param folder holds one folder a version; removing it is always safe while no server runs
    /// @throws IOException when there is no PostgreSQL for this platform, or no room
    static PostgresPrograms in(Path folder) throws IOException {
        URLConnection archive = archive();
        Path home = folder.resolve(version(archive));
        if (!Files.isDirectory(home)) {
            LOG.log(System.Logger.Level.INFO, "unpacking PostgreSQL into " + home);
            Path fresh = folder.resolve("unpacking");
            delete(folder);
            Files.createDirectories(fresh);
            try (InputStream packed = new BufferedInputStream(archive.getInputStream(), 1 << 16);
                    InputStream tar = new XZInputStream(packed)) {
                TarArchive.unpack(tar, fresh);
            }
            Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
        }
        return new PostgresPrograms(home, isRoot());
    }

    /// A program with arguments, not started, its environment free of PostgreSQL's variables and
    /// its standard error in its standard output.
    ///
    /// PostgreSQL refuses to run as root. There it gets a user namespace of its own, in which it is
    /// nobody.
    ProcessBuilder command(String program, List<String> arguments) {
        List<String> command = new ArrayList<>();
        if (root) {
            command.addAll(List.of("unshare", "--user"));
        }
        command.add(home.resolve("bin").resolve(program).toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("PG"));
        environment.put("LC_ALL", "C");
        environment.put("TZ", "UTC");
        return builder;
    }

    /// As [#command], but in a session of its own where the system has the tool for it: the
    /// terminal's Ctrl-C is for us, who then stop the server when its clients are done. Where it
    /// has not, Ctrl-C is a fast shutdown at once.
    ProcessBuilder detached(String program, List<String> arguments) {
        ProcessBuilder builder = command(program, arguments);
        if (onPath("setsid")) {
            builder.command().addFirst("setsid");
        }
        return builder;
    }

    private static boolean onPath(String tool) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Arrays.stream(path.split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
    }

    private static URLConnection archive() throws IOException {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String os = system.startsWith("mac") ? "darwin" : system;
        String arch = System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
        String name = "/postgres-%s-%s.txz".formatted(os, arch);
        URL archive = PostgresPrograms.class.getResource(name);
        if (archive == null) {
            throw new IOException("no PostgreSQL for this platform: '%s'".formatted(name));
        }
        URLConnection connection = archive.openConnection();
        connection.setUseCaches(false);
        return connection;
    }

    /// From the jar's directory, because digesting the archive would cost a tenth of every start.
    private static String version(URLConnection archive) throws IOException {
        if (archive instanceof JarURLConnection jar) {
            return HexFormat.of().toHexDigits((int) jar.getJarEntry().getCrc());
        }
        return String.valueOf(archive.getContentLengthLong());
    }

    /// The owner of `/proc/self` is the effective user. Elsewhere PostgreSQL says itself what it
    /// does not like.
    private static boolean isRoot() throws IOException {
        Path self = Path.of("/proc/self");
        return Files.exists(self) && Files.getAttribute(self, "unix:uid").equals(0);
    }

    /// Removes a folder with all that is in it, if it is there.
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path visited, @Nullable IOException failure) throws IOException {
                        if (failure != null) {
                            throw failure;
                        }
                        Files.delete(visited);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
