import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/// Constant load from inside a cluster: Load URL BODY-FILE EXPECTED THREADS. Says twice a second what came of it.
public class Load {
    public static void main(String[] arguments) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(arguments[0]))
                        .header("content-type", "application/json")
                        .timeout(Duration.ofSeconds(20))
                        .POST(HttpRequest.BodyPublishers.ofFile(Path.of(arguments[1])))
                        .build();
        AtomicLong right = new AtomicLong();
        AtomicLong failed = new AtomicLong();
        AtomicLong slowest = new AtomicLong();
        AtomicReference<String> first = new AtomicReference<>("none");
        HttpClient http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(5))
                        .build();
        for (int i = 0; i < Integer.parseInt(arguments[3]); i++) {
            Thread.ofPlatform()
                    .daemon()
                    .start(() -> {
                        while (true) {
                            long begin = System.nanoTime();
                            String said;
                            try {
                                HttpResponse<String> answer =
                                        http.send(request, HttpResponse.BodyHandlers.ofString());
                                boolean good =
                                        answer.statusCode() == 200
                                                && answer.body().contains(arguments[2]);
                                said = good ? "" : answer.statusCode() + " " + answer.body();
                            } catch (Exception e) {
                                said = e.toString();
                            }
                            slowest.accumulateAndGet(
                                    (System.nanoTime() - begin) / 1_000_000, Math::max);
                            if (said.isEmpty()) {
                                right.incrementAndGet();
                            } else {
                                failed.incrementAndGet();
                                first.compareAndSet("none", said.replace('\n', ' '));
                            }
                            try {
                                Thread.sleep(20);
                            } catch (InterruptedException e) {
                                return;
                            }
                        }
                    });
        }
        while (true) {
            System.out.printf(
                    "right=%d failed=%d slowest=%d first=%s%n",
                    right.get(), failed.get(), slowest.get(), first.get());
            Thread.sleep(500);
        }
    }
}
