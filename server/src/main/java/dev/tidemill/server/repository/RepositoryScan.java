package dev.tidemill.server.repository;

import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.ModelManifest;
import dev.tidemill.server.modelconfig.ModelConfigReader;
import dev.tidemill.server.modelconfig.ReadConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Finds the models of a folder. It knows four layouts: Triton's `MODEL/config.pbtxt` with
/// `MODEL/VERSION/model.onnx`, the same without the configuration as TensorFlow Serving has it,
/// `MODEL/model.onnx`, and `MODEL.onnx`. What cannot be read is that model's problem only.
final class RepositoryScan {
    static final String CONFIG = "config.pbtxt";
    private static final String MODEL_FILE = "model.onnx";
    private static final String SUFFIX = ".onnx";
    private static final String ONLY_VERSION = "1";

    /// As in Triton: a name that begins with 0 is no version.
    private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,17}");

    private RepositoryScan() {}

    /// @throws IOException when the folder itself cannot be read
    static List<FoundModel> models(Path repository) throws IOException {
        Path root = repository.toRealPath();
        List<Path> entries = list(root);
        if (isModel(root, entries)) {
            Path name = root.getFileName();
            return List.of(model(name == null ? "model" : name.toString(), root, root));
        }
        List<FoundModel> models = new ArrayList<>();
        for (Path entry : entries) {
            String name = entry.getFileName().toString();
            if (Files.isDirectory(entry)) {
                models.add(model(name, entry, root));
            } else if (name.endsWith(SUFFIX)) {
                models.add(single(name.substring(0, name.length() - SUFFIX.length()), entry, root));
            }
        }
        return models;
    }

    /// The one model of a folder, by another name than the folder's: versions, a `model.onnx`, or
    /// the only `.onnx` there.
    ///
    /// @throws IOException when the folder itself cannot be read
    static FoundModel only(String name, Path folder) throws IOException {
        Path root = folder.toRealPath();
        FoundModel model = model(name, root, root);
        List<Path> files =
                list(root).stream().filter(path -> path.toString().endsWith(SUFFIX)).toList();
        return !model.problem().isEmpty() && files.size() == 1
                ? single(name, files.getFirst(), root)
                : model;
    }

    /// One model.
    ///
    /// @param root real path of the repository
    static FoundModel model(String name, Path folder, Path root) {
        if (!ModelName.isValid(name)) {
            return FoundModel.broken(
                    name, folder, "name: '%s' (expected: %s)".formatted(name, ModelName.EXPECTED));
        }
        try {
            FileTree.requireInside(folder, root);
            Path file = folder.resolve(CONFIG);
            ReadConfig config = ReadConfig.inferred(name);
            if (Files.exists(file)) {
                FileTree.requireInside(file, root);
                config = ModelConfigReader.text(CONFIG, Files.readAllBytes(file), name);
            }
            return withVersions(name, folder, root, config);
        } catch (IOException e) {
            return FoundModel.broken(name, folder, "model folder: " + said(e));
        } catch (TidemillException | IllegalArgumentException e) {
            return FoundModel.broken(name, folder, String.valueOf(e.getMessage()));
        }
    }

    /// As above, with a configuration from elsewhere.
    static FoundModel withVersions(String name, Path folder, Path root, ReadConfig config)
            throws IOException {
        String configured = config.config().modelFile();
        List<VersionFiles> versions = new ArrayList<>();
        for (Path entry : list(folder)) {
            String version = entry.getFileName().toString();
            if (VERSION.matcher(version).matches() && Files.isDirectory(entry)) {
                versions.add(version(version, entry, root, configured));
            }
        }
        if (versions.isEmpty() && holdsModel(folder, configured)) {
            versions.add(version(ONLY_VERSION, folder, root, configured));
        }
        boolean needsFiles = config.config().needsFile();
        if (!needsFiles) {
            versions = withoutFiles(versions, folder, root);
        }
        return new FoundModel(
                name,
                folder,
                config,
                FilesBeside.of(config.config(), folder, root).stamped(versions),
                versions.isEmpty() && needsFiles
                        ? "versions: 'none' in '%1$s' (expected: folders such as 1 with a %2$s, or a %2$s)"
                                .formatted(folder, configured.isEmpty() ? MODEL_FILE : configured)
                        : "");
    }

    /// What such versions consist of lies beside them; without any there is one.
    private static List<VersionFiles> withoutFiles(
            List<VersionFiles> versions, Path folder, Path root) {
        List<VersionFiles> found =
                versions.isEmpty() ? List.of(version(ONLY_VERSION, folder, root, "")) : versions;
        String stamp = version(ONLY_VERSION, folder, root, "").stamp();
        return found.stream()
                .map(files ->
                        new VersionFiles(
                                files.version(),
                                files.folder(),
                                "",
                                files.digest(),
                                stamp,
                                files.problem()))
                .toList();
    }

    private static FoundModel single(String name, Path file, Path root) {
        if (!ModelName.isValid(name)) {
            return FoundModel.broken(
                    name, root, "name: '%s' (expected: %s)".formatted(name, ModelName.EXPECTED));
        }
        try {
            String stamp = FileTree.stampOfFile(file, root);
            VersionFiles only =
                    new VersionFiles(
                            ONLY_VERSION, root, file.getFileName().toString(), "", stamp, "");
            return new FoundModel(name, root, ReadConfig.inferred(name), List.of(only), "");
        } catch (IOException e) {
            return FoundModel.broken(name, root, "model file: " + said(e));
        }
    }

    private static VersionFiles version(String version, Path folder, Path root, String configured) {
        try {
            String stamp = FileTree.stamp(folder, root);
            String file = modelFile(folder, configured);
            if (Files.exists(folder.resolve(file))) {
                // Files that the stamp does not count may be links that lead out, too.
                FileTree.requireInside(folder.resolve(file), root);
            }
            return new VersionFiles(version, folder, file, "", stamp, "");
        } catch (IOException e) {
            return new VersionFiles(version, folder, "", "", said(e), "version folder: " + said(e));
        }
    }

    /// `model.onnx`, a folder of that name with the file inside, or the only `.onnx` there.
    private static String modelFile(Path folder, String configured) throws IOException {
        String name = configured.isEmpty() ? MODEL_FILE : configured;
        if (Files.isDirectory(folder.resolve(name))) {
            return name + "/" + MODEL_FILE;
        }
        if (Files.exists(folder.resolve(name)) || !configured.isEmpty()) {
            return name;
        }
        List<Path> others =
                list(folder).stream().filter(path -> path.toString().endsWith(SUFFIX)).toList();
        return others.size() == 1 ? others.getFirst().getFileName().toString() : name;
    }

    private static boolean isModel(Path root, List<Path> entries) {
        return Files.exists(root.resolve(CONFIG))
                || (!entries.isEmpty()
                        && entries.stream()
                                .allMatch(entry ->
                                        VERSION.matcher(entry.getFileName().toString()).matches()
                                                && holdsModel(entry, "")));
    }

    private static boolean holdsModel(Path folder, String configured) {
        return Files.exists(folder.resolve(configured.isEmpty() ? MODEL_FILE : configured))
                || Files.exists(folder.resolve(ModelManifest.FILE));
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> !FileTree.isNoise(entry)).sorted().toList();
        }
    }

    private static String said(IOException e) {
        String message = e.getMessage();
        return message != null && message.contains("(expected: ") ? message : e.toString();
    }
}
