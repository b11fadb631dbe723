import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The launcher, called as a user calls it, with a data folder of its own.
final class Tidemill {
    private static final Pattern PROCESS =
            Pattern.compile(
                    "\\{\\s*\"role\"\\s*:\\s*\"(\\w+)\",\\s*\"name\"\\s*:\\s*\"([^\"]+)\",\\s*\"pid\"\\s*:\\s*(\\d+),"
                            + "\\s*\"port\"\\s*:\\s*(\\d+),\\s*\"state\"\\s*:\\s*\"(\\w+)\"");

    private final Path root;
    private final Path data;
    private final Path scratch;
    private final Map<Process, Path> outputs = new HashMap<>();
    private final Map<String, String> settings = new HashMap<>();

    Tidemill(Path root) throws IOException {
        this.root = root;
        this.scratch = Files.createTempDirectory("tidemill-blackbox-");
        this.data = scratch.resolve("data");
    }

    record Result(int code, String output) {
        String lastLine() {
            return output.lines().reduce((_, last) -> last).orElse("");
        }
    }

    record Proc(String role, String name, long pid, int port, String state) {
        boolean ready() {
            return state.equals("ready");
        }
    }

    /// A variable of every command's environment from now on.
    void set(String name, String value) {
        settings.put(name, value);
    }

    Path scratch() {
        return scratch;
    }

    Result run(String... arguments) throws IOException, InterruptedException {
        return run(Duration.ofMinutes(2), arguments);
    }

    Result run(Duration limit, String... arguments) throws IOException, InterruptedException {
        return runOn(data, limit, arguments);
    }

    /// With another data folder.
    Result runOn(Path folder, Duration limit, String... arguments)
            throws IOException, InterruptedException {
        Process process = start(folder, arguments);
        if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            return new Result(-1, outputOf(process) + "\n(no end within " + limit + ")");
        }
        return new Result(process.exitValue(), outputOf(process));
    }

    Process start(String... arguments) throws IOException {
        return start(data, arguments);
    }

    String outputOf(Process process) throws IOException {
        return Files.readString(outputs.get(process));
    }

    String read(String file) throws IOException {
        return Files.readString(root.resolve(file));
    }

    List<Proc> processes() throws IOException, InterruptedException {
        List<Proc> all = new ArrayList<>();
        Matcher matcher = PROCESS.matcher(run("status", "--json").output());
        while (matcher.find()) {
            all.add(
                    new Proc(
                            matcher.group(1),
                            matcher.group(2),
                            Long.parseLong(matcher.group(3)),
                            Integer.parseInt(matcher.group(4)),
                            matcher.group(5)));
        }
        return all;
    }

    List<Proc> servers() throws IOException, InterruptedException {
        return processes().stream().filter(p -> p.role().equals("server")).toList();
    }

    long readyServers() throws IOException, InterruptedException {
        return servers().stream().filter(Proc::ready).count();
    }

    Proc only(String role) throws IOException, InterruptedException {
        return processes().stream().filter(p -> p.role().equals(role)).findFirst().orElseThrow();
    }

    /// A file of the artifact that a model serves.
    Path artifact(String model, String file) throws IOException, InterruptedException {
        return Path.of(Json.string(run("status", "--json").output(), model, "path"), file);
    }

    boolean eventually(Duration limit, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() < end) {
            if (condition.call()) {
                return true;
            }
            Thread.sleep(Duration.ofMillis(200));
        }
        return condition.call();
    }

    /// A line as it would be typed in the checkout.
    Result shell(String line) throws IOException, InterruptedException {
        Process process = start(data, List.of("sh", "-c", line));
        process.waitFor(2, TimeUnit.MINUTES);
        return new Result(process.exitValue(), outputOf(process));
    }

    private Process start(Path folder, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(root.resolve("tidemill").toString()));
        command.addAll(List.of(arguments));
        return start(folder, command);
    }

    private Process start(Path folder, List<String> command) throws IOException {
        Path output = Files.createTempFile(scratch, "out", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(root.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        builder.environment().putAll(settings);
        builder.environment().put("TIDEMILL_DATA", folder.toString());
        Process process = builder.start();
        outputs.put(process, output);
        return process;
    }
}
