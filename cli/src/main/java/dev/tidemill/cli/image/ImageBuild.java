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
/// @param base that Jib builds on; the others have it in their Dockerfile
/// @param revision of the sources, for the label
public record ImageBuild(
        Path root,
        String tag,
        boolean cuda,
        Optional<String> base,
        String version,
        Optional<String> revision) {
    /// Every file of the image has it: the same sources make the same image.
    private static final String EPOCH = "1767225600";

    /// What builds images.
    public enum Builder {
        DOCKER,
        PODMAN,
        BUILDAH,
        /// A plugin of Maven, for where none of the programs is: Java does all of it.
        JIB;

        /// As it is typed; of the programs, what they are called.
        public String program() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public List<String> command(Builder builder) {
        return builder == Builder.JIB ? jib() : dockerfile(builder);
    }

    private List<String> dockerfile(Builder builder) {
        List<String> command = new ArrayList<>();
        command.add(builder.program());
        command.add("build");
        // Docker's format where there is a choice: the other one has no health check.
        command.addAll(
                builder == Builder.DOCKER
                        ? List.of("--build-arg", "SOURCE_DATE_EPOCH=" + EPOCH)
                        : List.of("--layers", "--format", "docker", "--timestamp", EPOCH));
        command.addAll(List.of("--build-arg", "VERSION=" + version));
        revision.ifPresent(given -> command.addAll(List.of("--build-arg", "REVISION=" + given)));
        command.addAll(List.of("--file", description(builder).toString()));
        command.addAll(List.of("--tag", tag, root.toString()));
        return command;
    }

    private List<String> jib() {
        List<String> command = new ArrayList<>();
        command.addAll(List.of(root.resolve("mvnw").toString(), "-B", "-ntp"));
        command.addAll(List.of("-f", description(Builder.JIB).toString()));
        command.addAll(List.of("antrun:run@parts", "jib:buildTar"));
        base.ifPresent(image -> command.add("-Djib.from.image=" + image));
        command.add("-Djib.to.image=" + tag);
        command.add("-Dtidemill.image.version=" + version);
        revision.ifPresent(given -> command.add("-Dtidemill.image.revision=" + given));
        return command;
    }

    /// What the image is made after.
    public Path description(Builder builder) {
        return root.resolve("deploy/image")
                .resolve(
                        builder == Builder.JIB
                                ? "jib/pom.xml"
                                : cuda ? "Dockerfile.cuda" : "Dockerfile");
    }
}
