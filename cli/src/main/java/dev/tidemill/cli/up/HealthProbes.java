package dev.tidemill.cli.up;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
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

    boolean answers(URI replica, HealthCheck check) {
        return check.path().isEmpty() ? connects(replica) : says(replica, check);
    }

    private boolean says(URI replica, HealthCheck check) {
        HttpRequest request =
                HttpRequest.newBuilder(replica.resolve(check.path())).timeout(TIMEOUT).build();
        try {
            return check.isWell(
                    http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode());
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private static boolean connects(URI replica) {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(replica.getHost(), replica.getPort()),
                    (int) TIMEOUT.toMillis());
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
