package dev.tidemill.control;

import dev.tidemill.control.audit.Retention;
import dev.tidemill.http.Json;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// What control is told by its supervisor.
///
/// @param host to listen on
/// @param port 0 for any free one
/// @param audit how much of the audit log is kept; [Retention#DEFAULT] when empty
/// @param dataDirectory absolute folder for `postgres/` and `artifacts/`
record ControlConfig(
        String name, String host, int port, String dataDirectory, Optional<Retention> audit) {
    static ControlConfig parse(String line) {
        return Json.read(line.getBytes(StandardCharsets.UTF_8), ControlConfig.class);
    }
}
