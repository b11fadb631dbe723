package dev.tidemill.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A process that listens and has not started yet.
final class HealthRoutesIT {
    private final Readiness readiness = new Readiness();
    private final Metrics metrics = new Metrics();
    private final HttpClient client = HttpClient.newHttpClient();
    private @Nullable HttpEdge edge;

    @AfterEach
    void stop() {
        listening().close();
        metrics.close();
        client.close();
    }

    @Test
    void who_asks_whether_it_has_started_hears_of_it_when_it_does() throws Exception {
        listen(Duration.ofMinutes(1));
        CompletableFuture<HttpResponse<String>> asked = ask("/health/started");
        assertThat(ask("/health/ready").get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(503);
        assertThat(asked).isNotDone();

        readiness.started();

        assertThat(asked.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }

    @Test
    void who_asks_for_long_hears_that_it_has_not() throws Exception {
        listen(Duration.ofMillis(10));

        HttpResponse<String> answer = ask("/health/started").get(10, TimeUnit.SECONDS);

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("starting");
    }

    @Test
    void one_that_ends_before_it_has_started_keeps_nobody() throws Exception {
        listen(Duration.ofMinutes(1));
        CompletableFuture<HttpResponse<String>> asked = ask("/health/started");

        readiness.draining();

        assertThat(asked.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }

    private void listen(Duration patience) {
        edge =
                HttpEdge.builder(readiness, metrics)
                        .listen(
                                new Listener("main", "127.0.0.1", 0, 1 << 16),
                                routes -> routes.add(new HealthRoutes(readiness, patience)))
                        .build();
        listening().start();
    }

    private HttpEdge listening() {
        return requireNonNull(edge);
    }

    private CompletableFuture<HttpResponse<String>> ask(String path) {
        URI address = URI.create("http://127.0.0.1:" + listening().port("main") + path);
        return client.sendAsync(
                HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    }
}
