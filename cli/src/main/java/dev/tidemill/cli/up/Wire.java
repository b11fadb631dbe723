package dev.tidemill.cli.up;

import static java.util.Map.entry;

import dev.tidemill.cli.gateway.Control;
import dev.tidemill.cli.gateway.RulesOfFile;
import dev.tidemill.cli.state.StateFolder;
import dev.tidemill.spec.Gateway;
import dev.tidemill.spec.GatewayAnswers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// The configuration lines that children are given. Each is one JSON document on one line.
final class Wire {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int DRAIN_MILLIS = 500;

    private Wire() {}

    /// @param grpcPort of the same host; empty when it speaks no gRPC
    record ReplicaEntry(String id, String url, Optional<Integer> grpcPort) {}

    /// @param version empty while none was picked
    /// @param app whether it is an app, which only routes lead to
    record ModelEntry(
            String name,
            String pool,
            List<ReplicaEntry> replicas,
            Optional<String> version,
            boolean app) {}

    static String control(StateFolder state) {
        return control(state, Optional.empty());
    }

    /// @param audit how much of the audit log is kept; empty where the file does not say
    static String control(StateFolder state, Optional<GatewayAnswers.Audit> audit) {
        return JSON.writeValueAsString(
                Map.ofEntries(
                        entry("name", "control"),
                        entry("host", "127.0.0.1"),
                        entry("port", 0),
                        entry("dataDirectory", state.root().toAbsolutePath().toString()),
                        entry(
                                "audit",
                                audit.map(kept ->
                                        Map.of(
                                                "maxAgeMillis", kept.maxAge().toMillis(),
                                                "maxRecords", kept.maxRecords(),
                                                "maxBytes", kept.maxSize().bytes())))));
    }

    /// @param canaries where rollouts are kept over restarts; empty for nowhere
    static String gateway(
            Gateway gateway,
            Path folder,
            List<ModelEntry> models,
            int controlPort,
            Optional<Path> canaries) {
        RulesOfFile rules = new RulesOfFile(gateway, folder, Control.Beside.onPort(controlPort));
        return JSON.writeValueAsString(
                Map.ofEntries(
                        entry("name", gateway.name()),
                        entry("host", gateway.host()),
                        entry("port", gateway.port()),
                        entry("adminPort", 0),
                        entry("grpcPort", gateway.grpcPort()),
                        entry("routes", rules.paths()),
                        entry("maxBodyBytes", gateway.maxBody().bytes()),
                        entry("requestTimeoutMillis", gateway.requestTimeout().toMillis()),
                        entry("waitForReplicaMillis", gateway.waitForReplica().toMillis()),
                        entry("drainMillis", DRAIN_MILLIS),
                        entry("models", models),
                        entry("rules", rules.rules()),
                        entry(
                                "canaryFile",
                                canaries.map(file -> file.toAbsolutePath().toString()))));
    }

    /// @param speaksGrpc whether it listens for gRPC too, on any free port
    static String server(
            String name, List<ServedModel> models, long maxBodyBytes, boolean speaksGrpc) {
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
                        "grpcPort",
                        speaksGrpc ? Optional.of(0) : Optional.empty(),
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
