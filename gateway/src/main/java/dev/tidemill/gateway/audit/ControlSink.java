package dev.tidemill.gateway.audit;

import dev.tidemill.http.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Control's API. Entries that come twice are kept once there, by their ids.
final class ControlSink implements AuditSink {
    private static final String PATH = "/api/v1/audit";
    private static final int TIMEOUT_MILLIS = 5_000;

    private final URI control;
    private final Optional<Path> token;

    /// @param token file of what control asks for, read each time: it may be exchanged
    ControlSink(URI control, Optional<Path> token) {
        this.control = control.resolve(PATH);
        this.token = token;
    }

    @Override
    public void write(List<AuditEntry> entries) throws IOException {
        byte[] body = Json.bytes(new Batch(entries));
        HttpURLConnection connection = (HttpURLConnection) control.toURL().openConnection();
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        connection.setDoOutput(true);
        connection.setRequestMethod("POST");
        connection.setRequestProperty("Content-Type", "application/json");
        if (token.isPresent()) {
            connection.setRequestProperty(
                    "Authorization", "Bearer " + Files.readString(token.get()).strip());
        }
        connection.setFixedLengthStreamingMode(body.length);
        try (OutputStream out = connection.getOutputStream()) {
            out.write(body);
        }
        int status = connection.getResponseCode();
        if (status / 100 == 4) {
            // Asking again would not help.
            throw new IllegalArgumentException("control answered %d".formatted(status));
        }
        if (status / 100 != 2) {
            throw new IOException("control answered %d".formatted(status));
        }
        connection.getInputStream().readAllBytes();
    }

    @Override
    public void close() {}

    record Batch(List<AuditEntry> records) {}
}
