package dev.tidemill.cli.cluster;

import dev.tidemill.cluster.Cluster;
import dev.tidemill.cluster.Forward;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Optional;

/// A request of somebody who has no token.
record AnonymousCall(Cluster cluster) {
    int status(String pod, int port, String path) throws Exception {
        return answer(pod, port, path, Optional.empty()).statusCode();
    }

    /// What it answers to a body.
    int status(String pod, int port, String path, Path body) throws Exception {
        return answer(pod, port, path, Optional.of(body)).statusCode();
    }

    /// The value of a metric without labels.
    double metric(String pod, int port, String name) throws Exception {
        return answer(pod, port, "/metrics", Optional.empty())
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    private HttpResponse<String> answer(String pod, int port, String path, Optional<Path> body)
            throws Exception {
        try (Forward forward = cluster.forward(cluster.namespace(), pod, port);
                HttpClient http =
                        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(forward.address().resolve(path))
                            .header("content-type", "application/json");
            if (body.isPresent()) {
                request.POST(HttpRequest.BodyPublishers.ofFile(body.get()));
            }
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
