package dev.tidemill.server.payload;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;

/// Posts each half as a CloudEvent 1.0 in HTTP's binary mode, with the types and extensions that
/// KServe's logger uses, so that what listens to that listens to this. Answers that failed are
/// posted too, with `ce-status` saying how.
public final class EventSink implements PayloadSink {
    private static final String TYPE = "org.kubeflow.serving.inference.";
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(TIMEOUT)
                    .build();
    private final URI target;
    private final String source;

    /// @param source of the events, such as the name of the server
    public EventSink(URI target, String source) {
        this.target = target;
        this.source = source;
    }

    @Override
    public void write(PayloadEntry entry) throws IOException {
        post(entry, "request", entry.request());
        post(entry, "response", entry.response());
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    private void post(PayloadEntry entry, String half, Payload payload) throws IOException {
        String type = payload.contentType();
        HttpRequest.Builder request =
                HttpRequest.newBuilder(target)
                        .timeout(TIMEOUT)
                        .header("ce-specversion", "1.0")
                        .header("ce-id", entry.id())
                        .header("ce-source", source)
                        .header("ce-type", TYPE + half)
                        .header("ce-time", Instant.ofEpochMilli(entry.millis()).toString())
                        .header("ce-recordedtime", Instant.ofEpochMilli(entry.millis()).toString())
                        .header("ce-inferenceservicename", entry.model())
                        .header("ce-component", "predictor")
                        .header("ce-endpoint", entry.version())
                        .header("ce-path", entry.path())
                        .header("ce-status", Integer.toString(entry.status()))
                        .header("content-type", type.isEmpty() ? "application/json" : type)
                        .POST(BodyPublishers.ofByteArray(payload.body()));
        try {
            int status = client.send(request.build(), BodyHandlers.discarding()).statusCode();
            if (status >= 300) {
                throw new IOException("%s answered %d".formatted(target, status));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("stopping", e);
        }
    }
}
