package dev.tidemill.cli.image;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What is to be built, as the command line of a builder. Pure.
///
/// @param root of the tree with the built distribution
/// @param tag name of the image
/// @param revision of the sources, for the label
public record ImageBuild(
        Path root, String tag, boolean cuda, String version, Optional<String> revision) {
    /// Every file of the image has it: the same sources make the same image.
    private static final String EPOCH = "1767225600";

    /// A program that builds images.
    public enum Builder {
        DOCKER,
        PODMAN,
        BUILDAH;

        public String program() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public List<String> command(Builder builder) {
        List<String> command = new ArrayList<>();
        command.add(builder.program());
        command.add("build");
        switch (builder) {
            case DOCKER -> command.addAll(List.of("--build-arg", "SOURCE_DATE_EPOCH=" + EPOCH));
            // Docker's format: the other one has no health check.
            case PODMAN, BUILDAH ->
                    command.addAll(List.of("--layers", "--format", "docker", "--timestamp", EPOCH));
        }
        command.addAll(List.of("--build-arg", "VERSION=" + version));
        revision.ifPresent(given -> command.addAll(List.of("--build-arg", "REVISION=" + given)));
        command.addAll(List.of("--file", dockerfile().toString(), "--tag", tag, root.toString()));
        return command;
    }

    public Path dockerfile() {
        return root.resolve("deploy/image").resolve(cuda ? "Dockerfile.cuda" : "Dockerfile");
    }
}
