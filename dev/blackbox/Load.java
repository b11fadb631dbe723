import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// A closed loop of connections that send one request after the other for a bounded time, to
/// loopback only.
final class Load {
    private final URI target;
    private final String body;
    private final int connections;
    private final String expected;
    private final List<Worker> workers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    Load(String target, String body, int connections) {
        this(target, body, connections, "\"7\"");
    }

    /// @param expected what every right answer contains
    Load(String target, String body, int connections, String expected) {
        this.expected = expected;
        this.target = URI.create(target);
        this.body = body;
        this.connections = connections;
        if (!this.target.getHost().equals("127.0.0.1")) {
            throw new IllegalArgumentException("target: '" + target + "' (expected: loopback)");
        }
    }

    record Result(long requests, long failed, double perSecond, double p50, double p99, Map<String, Integer> failures) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%d requests, %d failed %s, %.0f/s, p50 %.1f ms, p99 %.1f ms",
                    requests, failed, failures, perSecond, p50, p99);
        }
    }

    void start(Duration duration) {
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        long end = System.nanoTime() + duration.toNanos();
        for (int i = 0; i < connections; i++) {
            Worker worker = new Worker(client, end);
            workers.add(worker);
            threads.add(Thread.ofVirtual().start(worker));
        }
    }

    Result await() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
        long[] all = workers.stream().flatMapToLong(w -> w.nanos.stream().mapToLong(Long::longValue)).sorted().toArray();
        Map<String, Integer> failures = new TreeMap<>();
        workers.forEach(w -> w.failures.forEach((why, count) -> failures.merge(why, count, Integer::sum)));
        long failed = failures.values().stream().mapToInt(Integer::intValue).sum();
        double seconds = workers.stream().mapToLong(w -> w.spent).max().orElse(1) / 1e9;
        return new Result(
                all.length + failed, failed, all.length / seconds, at(all, 0.5), at(all, 0.99), failures);
    }

    private static double at(long[] sorted, double quantile) {
        return sorted.length == 0 ? 0 : sorted[(int) Math.min(sorted.length - 1, sorted.length * quantile)] / 1e6;
    }

    private final class Worker implements Runnable {
        private final HttpClient client;
        private final long end;
        private final List<Long> nanos = new ArrayList<>();
        private final Map<String, Integer> failures = new TreeMap<>();
        private long spent;

        Worker(HttpClient client, long end) {
            this.client = client;
            this.end = end;
        }

        @Override
        public void run() {
            HttpRequest request =
                    HttpRequest.newBuilder(target)
                            .timeout(Duration.ofSeconds(30))
                            .header("content-type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build();
            long begin = System.nanoTime();
            while (System.nanoTime() < end) {
                long before = System.nanoTime();
                try {
                    HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
                    if (answer.statusCode() == 200 && answer.body().contains(expected)) {
                        nanos.add(System.nanoTime() - before);
                    } else {
                        failures.merge(answer.statusCode() + " " + answer.body(), 1, Integer::sum);
                    }
                } catch (Exception e) {
                    failures.merge(e.toString(), 1, Integer::sum);
                }
            }
            spent = System.nanoTime() - begin;
        }
    }
}
