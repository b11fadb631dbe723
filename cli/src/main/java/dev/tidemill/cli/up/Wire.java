package dev.tidemill.cli.up;

import static java.util.Map.entry;

import dev.tidemill.cli.gateway.Control;
import dev.tidemill.cli.gateway.RulesOfFile;
import dev.tidemill.cli.state.StateFolder;
import dev.tidemill.spec.Gateway;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// The configuration lines that children are given. Each is one JSON document on one line.
final class Wire {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int DRAIN_MILLIS = 500;

    private Wire() {}

    record ReplicaEntry(String id, String url) {}

    record ModelEntry(String name, String pool, List<ReplicaEntry> replicas) {}

    static String control(StateFolder state) {
        return JSON.writeValueAsString(
                Map.of(
                        "name",
                        "control",
                        "host",
                        "127.0.0.1",
                        "port",
                        0,
                        "dataDirectory",
                        state.root().toAbsolutePath().toString()));
    }

    /// @param folder of the file, which paths in it are relative to
    /// @param controlPort 0 while control is not ready
    static String gateway(Gateway gateway, Path folder, List<ModelEntry> models, int controlPort) {
        RulesOfFile rules = new RulesOfFile(gateway, folder, Control.Beside.onPort(controlPort));
        return JSON.writeValueAsString(
                Map.ofEntries(
                        entry("name", gateway.name()),
                        entry("host", gateway.host()),
                        entry("port", gateway.port()),
                        entry("adminPort", 0),
                        entry("routes", rules.paths()),
                        entry("maxBodyBytes", gateway.maxBody().bytes()),
                        entry("requestTimeoutMillis", gateway.requestTimeout().toMillis()),
                        entry("waitForReplicaMillis", gateway.waitForReplica().toMillis()),
                        entry("drainMillis", DRAIN_MILLIS),
                        entry("models", models),
                        entry("rules", rules.rules())));
    }

    static String server(String name, List<ServedModel> models, long maxBodyBytes) {
        return JSON.writeValueAsString(
                Map.of(
                        "name",
                        name,
                        "host",
                        "127.0.0.1",
                        "port",
                        0,
                        "models",
                        models.stream()
                                .map(m ->
                                        Map.of(
                                                "name", m.name(),
                                                "version", String.valueOf(m.version()),
                                                "digest", m.digest(),
                                                "path", m.path()))
                                .toList(),
                        "maxInFlight",
                        256,
                        "maxInFlightBytes",
                        64L << 20,
                        "maxBodyBytes",
                        maxBodyBytes,
                        "drainMillis",
                        DRAIN_MILLIS));
    }
}
