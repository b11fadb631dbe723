package dev.tidemill.cli.cluster;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/// Constant load from inside a cluster: URL BODY-FILE EXPECTED THREADS. Says twice a second what
/// came of it. Its class file alone is what a pod gets: nothing but the JDK, no class beside it.
public final class ConstantLoad {
    private ConstantLoad() {}

    public static void main(String[] arguments) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(arguments[0]))
                        .header("content-type", "application/json")
                        .timeout(Duration.ofSeconds(20))
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        Files.readString(Path.of(arguments[1]))))
                        .build();
        AtomicLong right = new AtomicLong();
        AtomicLong failed = new AtomicLong();
        AtomicLong slowest = new AtomicLong();
        AtomicReference<String> last = new AtomicReference<>("none");
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
                            String said = said(http, request, arguments[2]);
                            slowest.accumulateAndGet(
                                    (System.nanoTime() - begin) / 1_000_000, Math::max);
                            if (said.isEmpty()) {
                                right.incrementAndGet();
                            } else {
                                failed.incrementAndGet();
                                last.set(said.replace('\n', ' '));
                            }
                            pause(20);
                        }
                    });
        }
        while (true) {
            System.out.printf(
                    "right=%d failed=%d slowest=%d last=%s%n",
                    right.get(), failed.get(), slowest.get(), last.get());
            pause(500);
        }
    }

    /// Empty for a right answer.
    private static String said(HttpClient http, HttpRequest request, String expected) {
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 && answer.body().contains(expected)
                    ? ""
                    : answer.statusCode() + " " + answer.body();
        } catch (Exception e) {
            return e.toString();
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
