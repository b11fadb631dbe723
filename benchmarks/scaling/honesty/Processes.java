import dev.tidemill.rehearsal.Service;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A gateway and replicas as processes. A replica that is ordered is a process at once and serves
/// when its start-up time is over; the newest go first, as in the rehearsal, and finish what they have.
final class Processes implements AutoCloseable {
    private final Service service;
    private final double scale;
    private final double spread;
    private final List<Replica> replicas = new ArrayList<>();
    private final List<Process> all = new ArrayList<>();
    private final CountDownLatch gatewayReady = new CountDownLatch(1);
    private Process gateway;
    private BufferedWriter lines;
    private volatile int port;
    private volatile int adminPort;
    private volatile double startSeconds = Double.NaN;
    private int names;

    private static final class Replica {
        private final String name;
        private final Process process;
        private final long orderedNanos;
        private volatile int port;
        private volatile boolean ready;

        Replica(String name, Process process, long orderedNanos) {
            this.name = name;
            this.process = process;
            this.orderedNanos = orderedNanos;
        }
    }

    Processes(Service service, double scale, double spread) {
        this.service = service;
        this.scale = scale;
        this.spread = spread;
    }

    void begin(int count) throws Exception {
        gateway = java("-Xmx96m", "dev.tidemill.cli.Tidemill", "gateway");
        lines = new BufferedWriter(new OutputStreamWriter(gateway.getOutputStream(), StandardCharsets.UTF_8));
        send();
        Thread.ofVirtual().start(() -> read(gateway, line -> {
            Matcher matcher = Pattern.compile("\"(listening|admin)\",\"port\":(\\d+)").matcher(line);
            if (matcher.find()) {
                int bound = Integer.parseInt(matcher.group(2));
                if (matcher.group(1).equals("admin")) {
                    adminPort = bound;
                } else {
                    port = bound;
                }
            } else if (line.contains("\"ready\"")) {
                gatewayReady.countDown();
            }
        }));
        gatewayReady.await();
        order(count, 0);
        while (ready() < count) {
            Thread.sleep(20);
        }
        Thread.sleep(500);
    }

    URI main() {
        return URI.create("http://127.0.0.1:" + port);
    }

    URI admin() {
        return URI.create("http://127.0.0.1:" + adminPort);
    }

    synchronized int ordered() {
        return replicas.size();
    }

    /// Of the trace, that the newest replica took; not-a-number before the first.
    double startSeconds() {
        return startSeconds;
    }

    synchronized List<URI> addresses() {
        return replicas.stream().filter(r -> r.ready).map(r -> URI.create("http://127.0.0.1:" + r.port)).toList();
    }

    synchronized int ready() {
        return (int) replicas.stream().filter(r -> r.ready).count();
    }

    void order(int count) {
        order(count, (long) (service.startUp().toMillis() / scale));
    }

    private synchronized void order(int count, long startMillis) {
        while (replicas.size() < count) {
            String name = "m-" + ++names;
            long ordered = System.nanoTime();
            long serves = System.currentTimeMillis() + startMillis;
            Process process = java(
                    "-Xmx24m", "FakeReplica",
                    String.valueOf(service.slots()), String.valueOf(service.slotTime().toNanos() / scale), String.valueOf(serves), String.valueOf(spread), String.valueOf(scale));
            Replica replica = new Replica(name, process, ordered);
            replicas.add(replica);
            Thread.ofVirtual().start(() -> read(process, line -> {
                if (line.startsWith("ready ")) {
                    replica.port = Integer.parseInt(line.substring(6));
                    replica.ready = true;
                    if (startMillis > 0) {
                        startSeconds = (System.nanoTime() - replica.orderedNanos) / 1e9 * scale;
                    }
                    changed();
                }
            }));
        }
        while (replicas.size() > count) {
            Replica newest = replicas.removeLast();
            changed();
            // It ends when its input does, after what it works on.
            Thread.ofVirtual().start(() -> {
                try {
                    Thread.sleep(100);
                    newest.process.getOutputStream().close();
                } catch (IOException | InterruptedException _) {
                    newest.process.destroy();
                }
            });
        }
    }

    private synchronized void changed() {
        try {
            send();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void send() throws IOException {
        String ready = replicas.stream()
                .filter(r -> r.ready)
                .map(r -> "{\"id\":\"%s\",\"url\":\"http://127.0.0.1:%d\"}".formatted(r.name, r.port))
                .collect(Collectors.joining(","));
        lines.write("""
                {"name":"gateway","host":"127.0.0.1","port":0,"adminPort":0,"routes":[],"maxBodyBytes":1048576,"requestTimeoutMillis":60000,\
                "waitForReplicaMillis":30000,"drainMillis":200,"models":[{"name":"m","pool":"m","replicas":[%s]}]}
                """.formatted(ready).strip() + "\n");
        lines.flush();
    }

    private Process java(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto",
                "-cp", System.getenv("HONESTY_CLASSPATH")));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            synchronized (all) {
                all.add(process);
            }
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void read(Process process, java.util.function.Consumer<String> lines) {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line;
            while ((line = in.readLine()) != null) {
                lines.accept(line);
            }
        } catch (IOException _) {
            // It has ended.
        }
    }

    @Override
    public void close() {
        synchronized (all) {
            all.forEach(Process::destroy);
        }
    }
}
