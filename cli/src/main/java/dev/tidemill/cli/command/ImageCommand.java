package dev.tidemill.cli.command;

import dev.tidemill.cli.image.ImageBuild;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "image",
        description =
                "Build the container image of this distribution with docker, podman or buildah,"
                        + " whichever is found. Where none is, Jib builds it on another image,"
                        + " into deploy/image/jib/target/image.tar.",
        sortOptions = false)
final class ImageCommand implements Callable<Integer> {
    @Option(
            names = {"-t", "--tag"},
            paramLabel = "NAME",
            defaultValue = "tidemill:" + Version.RELEASE,
            description = "Name of the image. Default: ${DEFAULT-VALUE}")
    private String tag = "";

    @Option(
            names = "--with",
            paramLabel = "PROGRAM",
            description =
                    "docker, podman, buildah or jib. Default: the first that is found, else jib.")
    private Optional<String> with = Optional.empty();

    @Option(
            names = "--cuda",
            description = "For NVIDIA GPUs, of a distribution that was built with -Pcuda.")
    private boolean cuda;

    @Option(
            names = "--revision",
            paramLabel = "TEXT",
            description = "Of the sources, for the image's label.")
    private Optional<String> revision = Optional.empty();

    @Option(
            names = "--base",
            paramLabel = "IMAGE",
            description =
                    "With jib: a Java 25 to build on, as a name in a registry or tar:///FILE."
                            + " Default: eclipse-temurin:25-jre.")
    private Optional<String> base = Optional.empty();

    @Option(names = "--dry-run", description = "Only say what would be run.")
    private boolean dryRun;

    private final PrintStream out;

    ImageCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path root = Path.of(System.getProperty("tidemill.root", ""));
        ImageBuild build = new ImageBuild(root, tag, cuda, base, Version.RELEASE, revision);
        ImageBuild.Builder builder = builder();
        check(builder);
        if (!Files.exists(build.description(builder))) {
            throw new TidemillException(
                    ErrorCode.NOT_FOUND,
                    "file: '%s' (expected: the tree that this distribution was built from)"
                            .formatted(build.description(builder)));
        }
        List<String> command = build.command(builder);
        out.println(String.join(" ", command));
        return dryRun ? 0 : new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    private void check(ImageBuild.Builder builder) {
        boolean jib = builder == ImageBuild.Builder.JIB;
        if (jib && cuda) {
            throw OptionValues.wrong("--with", "jib", "docker, podman or buildah with --cuda");
        }
        if (!jib && base.isPresent()) {
            throw OptionValues.wrong(
                    "--base", base.get(), "--with=jib; a Dockerfile names its own");
        }
    }

    private ImageBuild.Builder builder() {
        if (with.isPresent()) {
            return Arrays.stream(ImageBuild.Builder.values())
                    .filter(builder ->
                            builder.program().equals(with.get().toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .orElseThrow(() ->
                            OptionValues.wrong(
                                    "--with", with.get(), "docker, podman, buildah or jib"));
        }
        return Arrays.stream(ImageBuild.Builder.values())
                .filter(builder -> isOnPath(builder.program()))
                .findFirst()
                .orElse(ImageBuild.Builder.JIB);
    }

    private static boolean isOnPath(String program) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(path)
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
