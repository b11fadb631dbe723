package dev.tidemill.cli.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// What was pulled last for each name, kept for starts without the registry.
record PullNotes(Path file) {
    private static final JsonMapper JSON = JsonMapper.shared();

    record All(List<PulledVersion> pulled) {
        All {
            pulled = List.copyOf(pulled);
        }
    }

    Optional<PulledVersion> find(String registry, String model) {
        return read().pulled().stream()
                .filter(each -> each.registry().equals(registry) && each.model().equals(model))
                .findFirst();
    }

    void write(PulledVersion version) {
        List<PulledVersion> all = new ArrayList<>(read().pulled());
        all.removeIf(each ->
                each.registry().equals(version.registry()) && each.model().equals(version.model()));
        all.add(version);
        try {
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.write(fresh, JSON.writeValueAsBytes(new All(all)));
            Files.move(
                    fresh,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Nothing when it cannot be read: it can be made again.
    private All read() {
        try {
            return JSON.readValue(Files.readAllBytes(file), All.class);
        } catch (IOException | JacksonException _) {
            return new All(List.of());
        }
    }
}
