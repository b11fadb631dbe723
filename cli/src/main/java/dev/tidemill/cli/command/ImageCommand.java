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
                        + " whichever is found.",
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
            description = "docker, podman or buildah. Default: the first that is found.")
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

    @Option(names = "--dry-run", description = "Only say what would be run.")
    private boolean dryRun;

    private final PrintStream out;

    ImageCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path root = Path.of(System.getProperty("tidemill.root", ""));
        ImageBuild build = new ImageBuild(root, tag, cuda, Version.RELEASE, revision);
        if (!Files.exists(build.dockerfile())) {
            throw new TidemillException(
                    ErrorCode.NOT_FOUND,
                    "file: '%s' (expected: the tree that this distribution was built from)"
                            .formatted(build.dockerfile()));
        }
        List<String> command = build.command(builder());
        out.println(String.join(" ", command));
        return dryRun ? 0 : new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    private ImageBuild.Builder builder() {
        if (with.isPresent()) {
            return Arrays.stream(ImageBuild.Builder.values())
                    .filter(builder ->
                            builder.program().equals(with.get().toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .orElseThrow(() ->
                            OptionValues.wrong("--with", with.get(), "docker, podman or buildah"));
        }
        return Arrays.stream(ImageBuild.Builder.values())
                .filter(builder -> isOnPath(builder.program()))
                .findFirst()
                .orElseThrow(() ->
                        new TidemillException(
                                ErrorCode.NOT_FOUND,
                                "PATH: 'no builder' (expected: docker, podman or buildah)"));
    }

    private static boolean isOnPath(String program) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(path)
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
