package dev.tidemill.cli.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// A folder of models in the layout that the model server follows, `NAME/VERSION/files`, each model
/// in one version. Whoever looks at any moment finds whole versions: they come and go by renaming.
record ServingFolder(Path root) {
    /// The server passes over what is hidden.
    private static final String HIDDEN = ".";

    /// Serves a version, and no other of that model.
    ///
    /// @param artifact folder with the version's files, on the same disk
    void place(String model, int version, Path artifact) throws IOException {
        Path folder = Files.createDirectories(root.resolve(model));
        Path place = folder.resolve(Integer.toString(version));
        if (!isLinked(artifact, place)) {
            Path fresh = Files.createTempDirectory(folder, HIDDEN + "fresh-");
            link(artifact, fresh);
            if (Files.exists(place)) {
                remove(place);
            }
            Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
        }
        for (Path other : list(folder)) {
            if (!other.equals(place)) {
                remove(other);
            }
        }
    }

    /// Serves no others than these models.
    void retain(Set<String> models) throws IOException {
        for (Path model : list(root)) {
            if (!models.contains(model.getFileName().toString())) {
                remove(model);
            }
        }
    }

    /// Removes a folder with all that is in it, of which nothing is there from the first moment.
    static void remove(Path folder) throws IOException {
        Path gone = folder;
        if (!folder.getFileName().toString().startsWith(HIDDEN)) {
            gone = Files.createTempDirectory(folder.getParent(), HIDDEN + "gone-");
            Files.move(folder, gone.resolve("folder"), StandardCopyOption.ATOMIC_MOVE);
        }
        try (Stream<Path> all = Files.walk(gone)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    /// The files are the store's own: nothing is copied, and nobody changes them.
    private static void link(Path artifact, Path into) throws IOException {
        try (Stream<Path> all = Files.walk(artifact)) {
            for (Path path : all.toList()) {
                Path target = into.resolve(artifact.relativize(path));
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.createLink(target, path);
                }
            }
        }
    }

    private static boolean isLinked(Path artifact, Path place) throws IOException {
        try (Stream<Path> all = Files.walk(artifact)) {
            for (Path path : all.filter(Files::isRegularFile).toList()) {
                if (!Files.isSameFile(path, place.resolve(artifact.relativize(path)))) {
                    return false;
                }
            }
            return true;
        } catch (NoSuchFileException _) {
            return false;
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        }
    }
}
