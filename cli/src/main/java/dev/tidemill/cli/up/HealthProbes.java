package dev.tidemill.cli.up;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/// Asks one replica whether it lives. A replica that is busy or draining still answers; one that
/// hangs does not.
final class HealthProbes {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final HttpClient http;

    HealthProbes(HttpClient http) {
        this.http = http;
    }

    boolean answers(URI replica) {
        HttpRequest request =
                HttpRequest.newBuilder(replica.resolve("/v2/health/live")).timeout(TIMEOUT).build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
