package dev.tidemill.gateway.canary;

import dev.tidemill.http.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/// A file of this machine, which is another gateway's never.
public final class CanaryFile implements CanaryKeeping {
    private final Path file;

    public CanaryFile(Path file) {
        this.file = file;
    }

    @Override
    public List<Kept> read() throws IOException {
        return Files.exists(file)
                ? Json.read(Files.readAllBytes(file), Content.class).canaries()
                : List.of();
    }

    @Override
    public void write(List<Kept> rollouts) throws IOException {
        if (rollouts.isEmpty() && !Files.exists(file)) {
            return;
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.write(fresh, Json.bytes(new Content(rollouts)));
        Files.move(
                fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public String where() {
        return file.toString();
    }
}
