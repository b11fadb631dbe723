package dev.tidemill.gateway.audit;

import dev.tidemill.gateway.control.ControlApi;
import dev.tidemill.http.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/// Control's API. Entries that come twice are kept once there, by their ids.
final class ControlSink implements AuditSink {
    private static final String PATH = "/api/v1/audit";
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final ControlApi control;

    /// @param token file of what control asks for
    /// @param tls for a control that speaks it; null for a plain one
    ControlSink(URI control, Optional<Path> token, @Nullable SSLSocketFactory tls) {
        this.control = new ControlApi(control, token, TIMEOUT, tls);
    }

    @Override
    public void write(List<AuditEntry> entries) throws IOException {
        control.send("POST", PATH, Json.bytes(new Batch(entries)));
    }

    @Override
    public void close() {}

    record Batch(List<AuditEntry> records) {}
}
