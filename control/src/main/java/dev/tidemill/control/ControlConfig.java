package dev.tidemill.control;

import dev.tidemill.control.audit.Retention;
import dev.tidemill.http.Json;
import dev.tidemill.http.tls.MutualTls;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// What control is told by its supervisor.
///
/// @param host to listen on
/// @param port 0 for any free one
/// @param dataDirectory absolute folder for `postgres/`, `artifacts/` and `data/`
/// @param audit how much of the audit log is kept; [Retention#DEFAULT] when empty
/// @param tokens absolute folder with a file for each role, see [dev.tidemill.control.access.Gate];
///   empty only where no other machine can come in
/// @param database instead of a PostgreSQL of its own in the data folder
/// @param objectStore for artifacts, beside those in the data folder, which are then only near
/// @param mtls how it speaks TLS; plainly when empty
record ControlConfig(
        String name,
        String host,
        int port,
        String dataDirectory,
        Optional<Retention> audit,
        Optional<String> tokens,
        Optional<DatabaseConfig> database,
        Optional<ObjectStoreConfig> objectStore,
        Optional<MutualTls> mtls) {
    ControlConfig(
            String name, String host, int port, String dataDirectory, Optional<Retention> audit) {
        this(name, host, port, dataDirectory, audit, Optional.empty());
    }

    ControlConfig(
            String name,
            String host,
            int port,
            String dataDirectory,
            Optional<Retention> audit,
            Optional<String> tokens) {
        this(
                name,
                host,
                port,
                dataDirectory,
                audit,
                tokens,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    static ControlConfig parse(String line) {
        return Json.read(line.getBytes(StandardCharsets.UTF_8), ControlConfig.class);
    }
}
