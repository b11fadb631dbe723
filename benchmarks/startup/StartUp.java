import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Times starts of an already built and trained quickstart, with and without the start-up cache, in
/// turns so that both see the same machine. Prints minimum, median and maximum of each.
///
/// Run in a checkout: `java benchmarks/startup/StartUp.java [RUNS]`. It uses port 8080 and a data
/// folder of its own.
void main(String[] arguments) throws Exception {
    int runs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
    Path data = Files.createTempDirectory("tidemill-startup-");
    Bench bench = new Bench(Path.of("").toAbsolutePath(), data);
    bench.tidemill("on", "up", "--detach");
    bench.tidemill("on", "down");
    Figures cached = new Figures("with the cache");
    Figures plain = new Figures("without");
    for (int run = 0; run < runs; run++) {
        bench.measure("on", cached);
        bench.measure("off", plain);
    }
    System.out.println("| | | min | median | max |\n|---|---|---|---|---|");
    cached.print();
    plain.print();
}

/// What one configuration gave.
static final class Figures {
    private final String name;
    private final List<Double> up = new ArrayList<>();
    private final List<Double> replica = new ArrayList<>();
    private final List<Double> resident = new ArrayList<>();

    Figures(String name) {
        this.name = name;
    }

    void print() {
        row("warm up --detach, s", up);
        row("replica, exec to ready, alone, s", replica);
        row("replica, resident, MiB", resident);
    }

    private void row(String what, List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %.2f | %.2f | %.2f |%n",
                what,
                name,
                sorted.getFirst(),
                sorted.get(sorted.size() / 2),
                sorted.getLast());
    }
}

static final class Bench {
    private static final Pattern READY = Pattern.compile("digits-3 ready on port \\d+ after ([0-9.]+) (s|ms)");
    private static final Pattern SERVER = Pattern.compile("digits-3\\s+server\\s+(\\d+)\\s+\\d+\\s+ready");

    private final Path root;
    private final Path data;

    Bench(Path root, Path data) {
        this.root = root;
        this.data = data;
    }

    void measure(String cache, Figures figures) throws Exception {
        long before = System.nanoTime();
        tidemill(cache, "up", "--detach");
        figures.up.add((System.nanoTime() - before) / 1e9);
        // The third replica starts on a machine that does nothing else.
        Thread.sleep(Duration.ofSeconds(3));
        tidemill(cache, "scale", "digits", "3");
        String status = "";
        for (int i = 0; i < 10 && !SERVER.matcher(status).find(); i++) {
            // Asking is a process of its own, which must not take a core from the one that is timed.
            Thread.sleep(Duration.ofSeconds(4));
            status = tidemill(cache, "status");
        }
        Matcher ready = READY.matcher(status);
        Matcher server = SERVER.matcher(status);
        if (!ready.find() || !server.find()) {
            throw new IllegalStateException("no third replica in\n" + status);
        }
        double value = Double.parseDouble(ready.group(1));
        figures.replica.add(ready.group(2).equals("s") ? value : value / 1000);
        figures.resident.add(resident(server.group(1)));
        tidemill(cache, "down");
    }

    String tidemill(String cache, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(root.resolve("tidemill").toString()));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile("tidemill-startup-", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(root.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        builder.environment().put("TIDEMILL_DATA", data.toString());
        builder.environment().put("TIDEMILL_AOT", cache);
        Process process = builder.start();
        if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
            throw new IllegalStateException(command + ":\n" + Files.readString(output));
        }
        return Files.readString(output);
    }

    private static double resident(String pid) throws IOException {
        Process ps = new ProcessBuilder("ps", "-o", "rss=", "-p", pid).start();
        return Double.parseDouble(new String(ps.getInputStream().readAllBytes()).strip()) / 1024;
    }
}
