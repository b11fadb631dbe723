package dev.tidemill.cli.up;

import dev.tidemill.common.ByteSize;
import dev.tidemill.spec.MachineFacts;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// What this machine has, asked when it is asked.
final class LocalMachine implements MachineFacts {
    /// PostgreSQL with its log (about 120 MiB), logs and room for versions: docs/data-folder.md.
    private static final ByteSize NEEDED = ByteSize.mebibytes(300);

    private final Path baseFolder;
    private final Path dataFolder;

    /// @param baseFolder of the resource file
    LocalMachine(Path baseFolder, Path dataFolder) {
        this.baseFolder = baseFolder;
        this.dataFolder = dataFolder.toAbsolutePath().normalize();
    }

    @Override
    public FileState file(String path) {
        Path file = baseFolder.resolve(path);
        if (!Files.exists(file)) {
            return FileState.MISSING;
        }
        if (Files.isDirectory(file)) {
            return FileState.FOLDER;
        }
        return Files.isReadable(file) ? FileState.READABLE : FileState.UNREADABLE;
    }

    @Override
    public boolean portFree(String host, int port) {
        try (ServerSocket probe = new ServerSocket()) {
            // As the gateway's own listener does: a connection in TIME_WAIT does not count.
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getByName(host), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public boolean isProgram(String name) {
        return name.contains("/")
                ? Files.isExecutable(baseFolder.resolve(name))
                : Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                        .filter(folder -> !folder.isEmpty())
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    }

    @Override
    public boolean hasVariable(String name) {
        return System.getenv().containsKey(name);
    }

    @Override
    public String dataDirectory() {
        return dataFolder.toString();
    }

    @Override
    public ByteSize freeSpace() {
        Path existing = dataFolder;
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        try {
            return new ByteSize(
                    existing == null ? 0 : Files.getFileStore(existing).getUsableSpace());
        } catch (IOException e) {
            return new ByteSize(0);
        }
    }

    @Override
    public ByteSize neededSpace() {
        return NEEDED;
    }
}
