package dev.tidemill.cli.up;

import dev.tidemill.cli.state.StateFolder;
import dev.tidemill.spec.Gateway;
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

    static String gateway(Gateway gateway, List<ModelEntry> models) {
        return JSON.writeValueAsString(
                Map.of(
                        "name", gateway.name(),
                        "host", gateway.host(),
                        "port", gateway.port(),
                        "adminPort", 0,
                        "routes",
                                gateway.routes().stream()
                                        .map(r -> Map.of("path", r.path(), "model", r.model()))
                                        .toList(),
                        "maxBodyBytes", gateway.maxBody().bytes(),
                        "requestTimeoutMillis", gateway.requestTimeout().toMillis(),
                        "waitForReplicaMillis", gateway.waitForReplica().toMillis(),
                        "drainMillis", DRAIN_MILLIS,
                        "models", models));
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
