import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Every bad file gets all of its problems at once, with lines, and nothing starts.
final class BadFiles {
    private final Checks checks;
    private final Tidemill tidemill;
    private final Path folder;
    private final String good;

    BadFiles(Checks checks, Tidemill tidemill) throws IOException {
        this.checks = checks;
        this.tidemill = tidemill;
        this.folder = Files.createDirectories(tidemill.scratch().resolve("bad"));
        this.good = tidemill.read("examples/quickstart/tidemill.yaml").replace("path: data/", "path: " + Path.of("examples/quickstart/data").toAbsolutePath() + "/");
    }

    void run() throws Exception {
        refused("unknown key", good.replace("runtime: onnx", "runtme: onnx"), "runtme", "runtime");
        refused("wrong unit", good.replace("request: 30s", "request: 30 lightyears"), "'30 lightyears' (expected: a duration");
        refused("negative replicas", good.replace("min: 2", "min: -2"), "'-2' (expected:");
        refused("min above max", good.replace("min: 2", "min: 9"), "'9' (expected:");
        refused("missing model", good.replace("source: intents@production", "source: intentz@production"), "'intentz@production' (expected:");
        refused("cyclic reference", good.replace("sharesReplicasWith: digits", "sharesReplicasWith: intents"), "intents -> intents");
        refused("empty file", "", "expected:");
        refused("10 MB", "# comment\n".repeat(1_000_000), "expected: at most");
        refused("two documents of one name", good.replace("name: intents", "name: digits"), "digits");
        bytes("not UTF-8", (good + "# \u00e9").getBytes(StandardCharsets.ISO_8859_1), "UTF-8");
        refused(
                "all at once",
                good.replace("runtime: onnx", "runtme: onnx").replace("min: 2", "min: -2").replace("request: 30s", "request: 30"),
                "runtme", "'-2'", "'30'");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            refused(
                    "port in use",
                    good.replace("port: 8080", "port: " + taken.getLocalPort()),
                    "'" + taken.getLocalPort() + "' (expected: a free port");
        }
        noSpace();
    }

    private void refused(String what, String content, String... expected) throws Exception {
        bytes(what, content.getBytes(StandardCharsets.UTF_8), expected);
    }

    private void bytes(String what, byte[] content, String... expected) throws Exception {
        Path file = Files.write(folder.resolve("bad.yaml"), content);
        Path data = folder.resolve("data");
        Tidemill.Result result =
                tidemill.runOn(data, Duration.ofSeconds(30), "up", "--detach", file.toString());
        boolean told = List.of(expected).stream().allMatch(result.output()::contains);
        boolean placed = result.output().contains("bad.yaml");
        boolean quiet = !Files.exists(data.resolve("logs").resolve("control.log"));
        checks.that(
                "%s: %s".formatted(what, result.output().strip().lines().limit(4).toList()),
                result.code() != 0 && told && placed && quiet && !result.output().contains("\tat "));
    }

    /// A file system of 16 MiB, where the machine lets us make one.
    private void noSpace() throws Exception {
        Path small = Files.createDirectories(folder.resolve("small"));
        if (command("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", small.toString()) != 0) {
            System.out.println("skipped no disk space: this user may not mount a small file system");
            return;
        }
        try {
            Path file = Files.writeString(folder.resolve("good.yaml"), good);
            Tidemill.Result result =
                    tidemill.runOn(small.resolve("data"), Duration.ofSeconds(30), "up", "--detach", file.toString());
            checks.that(
                    "no disk space: " + result.output().strip(),
                    result.code() != 0 && result.output().contains("expected: at least"));
        } finally {
            command("umount", small.toString());
        }
    }

    private static int command(String... command) throws Exception {
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
    }
}
