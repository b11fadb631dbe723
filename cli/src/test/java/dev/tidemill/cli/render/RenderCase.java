package dev.tidemill.cli.render;

import dev.tidemill.cli.command.Root;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// One way to render: what is compared with a golden file, and all that a real API server looks at.
///
/// @param golden none where it is too long for anybody to read
public record RenderCase(Optional<String> golden, Optional<Path> file, List<String> options) {
    private static final Path HERE = Path.of("src", "test", "resources", "render");
    private static final Path EXAMPLES = Path.of("..", "examples");
    private static final Path QUICKSTART = EXAMPLES.resolve("quickstart/tidemill.yaml");
    private static final Path KUBERNETES = EXAMPLES.resolve("kubernetes/tidemill.yaml");

    /// Everything that can be rendered, in the form in which it is applied.
    public static List<RenderCase> all() {
        return Stream.concat(
                        compared().stream().filter(each -> !each.options().contains("--output")),
                        Stream.of(
                                unread(own("all"), "-e hpa"),
                                unread(own("all"), "-e keda"),
                                unread(own("all"), "-e ours"),
                                unread(EXAMPLES.resolve("app/tidemill.yaml"), ""),
                                unread(EXAMPLES.resolve("gateway/gateway.yaml"), ""),
                                new RenderCase(
                                        Optional.empty(), Optional.empty(), List.of("--crds"))))
                .toList();
    }

    static List<RenderCase> compared() {
        return List.of(
                of("quickstart.yaml", QUICKSTART, ""),
                of("dev.yaml", KUBERNETES, "-e dev"),
                of("prod.yaml", KUBERNETES, "-e prod"),
                of("gateway.yaml", own("gateway"), ""),
                of("mtls.yaml", own("mtls"), ""),
                of("mtls-operator.yaml", own("mtls"), "--operator"),
                of("kserve.yaml", KUBERNETES, "-e dev --kserve"),
                of("kserve-for-all.yaml", "--kserve"),
                of("images.yaml", own("images"), ""),
                of("app.yaml", own("app"), ""),
                of("split.yaml", own("split"), ""),
                of("stores.yaml", own("stores"), "-e dev"),
                of("named-stores.yaml", own("stores"), "-e prod"),
                of("operator.yaml", "--operator"),
                of("helm.txt", KUBERNETES, "-e prod --output helm"),
                of("kustomize.txt", KUBERNETES, "--output kustomize"));
    }

    private static RenderCase of(String golden, String option) {
        return new RenderCase(Optional.of(golden), Optional.empty(), List.of(option));
    }

    private static RenderCase of(String golden, Path file, String options) {
        return new RenderCase(Optional.of(golden), Optional.of(file), words(options));
    }

    private static RenderCase unread(Path file, String options) {
        return new RenderCase(Optional.empty(), Optional.of(file), words(options));
    }

    private static List<String> words(String options) {
        return Stream.of(options.split(" ")).filter(word -> !word.isEmpty()).toList();
    }

    static Path goldens() {
        return HERE;
    }

    private static Path own(String folder) {
        return HERE.resolve(folder).resolve("tidemill.yaml");
    }

    /// Whether it is an environment of a file, and nothing that stands beside all of them.
    public boolean isEnvironment() {
        return file.isPresent() && !options.contains("--operator") && !options.contains("--kserve");
    }

    /// What it prints; a case is one that can be rendered.
    public String rendered(String... more) {
        List<String> arguments = new ArrayList<>(List.of("render"));
        file.ifPresent(path -> arguments.addAll(List.of("-f", path.toString())));
        arguments.addAll(options);
        arguments.addAll(List.of(more));
        Done done = done(arguments);
        if (done.code() != 0) {
            throw new AssertionError(arguments + ": " + done.text());
        }
        return done.text();
    }

    /// What a command prints, whether it works or not.
    static String run(List<String> arguments) {
        return done(arguments).text();
    }

    private record Done(int code, String text) {}

    private static Done done(List<String> arguments) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        int code =
                Root.commandLine(out, out, InstantSource.system())
                        .execute(arguments.toArray(String[]::new));
        return new Done(code, bytes.toString(StandardCharsets.UTF_8));
    }

    /// The file, and the options.
    @Override
    public String toString() {
        return (file.map(path -> path + " ").orElse("") + String.join(" ", options)).strip();
    }
}
