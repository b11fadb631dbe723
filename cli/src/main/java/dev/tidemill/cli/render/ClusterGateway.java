package dev.tidemill.cli.render;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tidemill.cli.gateway.Control;
import dev.tidemill.cli.gateway.RulesOfFile;
import dev.tidemill.common.Problem;
import dev.tidemill.common.Problems;
import dev.tidemill.manifests.AppObjects;
import dev.tidemill.manifests.ControlObjects;
import dev.tidemill.manifests.GatewayObjects;
import dev.tidemill.manifests.MutualTlsObjects;
import dev.tidemill.manifests.Names;
import dev.tidemill.manifests.ServerAddress;
import dev.tidemill.spec.App;
import dev.tidemill.spec.Gateway;
import dev.tidemill.spec.Model;
import dev.tidemill.spec.ModelPool;
import dev.tidemill.spec.cluster.NetworkRules;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The configuration of a gateway on a cluster: what `up` would send it, with names of Services in
/// the place of replicas.
public final class ClusterGateway {
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                    .changeDefaultPropertyInclusion(inclusion ->
                            inclusion.withValueInclusion(JsonInclude.Include.NON_ABSENT))
                    .build();

    private ClusterGateway() {}

    record ReplicaEntry(String id, String url, Optional<Integer> grpcPort) {}

    record TlsEntry(String certificate, String key) {}

    record MutualTlsEntry(String folder, int healthPort) {}

    /// @param app empty for a model
    record ModelEntry(
            String name, String pool, List<ReplicaEntry> replicas, Optional<Boolean> app) {}

    record ControlEntry(String url, String tokenFile) {}

    /// @param network whether our processes speak TLS to one another
    /// @throws dev.tidemill.common.TidemillException `INVALID_SPEC` when it names files that no pod
    ///   can be given
    public static String config(
            Gateway gateway, List<Model> models, List<App> apps, NetworkRules network) {
        check(gateway);
        URI control = URI.create(ControlObjects.address(network.mtls()));
        RulesOfFile rules =
                new RulesOfFile(
                        gateway,
                        Path.of(GatewayObjects.KEYS_FOLDER),
                        new Control.Beside(
                                Optional.of(control), Optional.of(GatewayObjects.TOKEN_FILE)));
        Map<String, Object> config = new TreeMap<>();
        config.put("name", gateway.name());
        config.put("host", "0.0.0.0");
        config.put("port", GatewayObjects.HTTP);
        config.put("adminHost", "0.0.0.0");
        if (gateway.access().adminKeys().isEmpty()) {
            // For Prometheus and who scales: without keys nobody there may give orders.
            config.put("adminOrders", false);
        }
        config.put("adminPort", GatewayObjects.ADMIN);
        if (gateway.hasCanaries()) {
            config.put(
                    "canaryControl",
                    new ControlEntry(control.toString(), GatewayObjects.TOKEN_FILE));
        }
        config.put("routes", rules.paths());
        config.put("maxBodyBytes", gateway.maxBody().bytes());
        config.put("requestTimeoutMillis", gateway.requestTimeout().toMillis());
        config.put("waitForReplicaMillis", gateway.waitForReplica().toMillis());
        config.put("drainMillis", GatewayObjects.DRAIN_MILLIS);
        config.put("models", entries(models, apps, gateway, network));
        config.put("rules", rules.rules());
        if (network.mtls().isPresent()) {
            config.put(
                    "mtls", new MutualTlsEntry(MutualTlsObjects.FOLDER, MutualTlsObjects.HEALTH));
        }
        if (gateway.tls().isPresent()) {
            config.put("tls", new TlsEntry(GatewayObjects.CERTIFICATE, GatewayObjects.PRIVATE_KEY));
        }
        gateway.grpcPort().ifPresent(_ -> config.put("grpcPort", GatewayObjects.GRPC));
        DefaultIndenter lines = new DefaultIndenter("  ", "\n");
        return JSON.writer()
                        .with(
                                new DefaultPrettyPrinter()
                                        .withObjectIndenter(lines)
                                        .withArrayIndenter(lines))
                        .writeValueAsString(config)
                + "\n";
    }

    private static List<ModelEntry> entries(
            List<Model> models, List<App> apps, Gateway gateway, NetworkRules network) {
        List<ModelEntry> entries = new ArrayList<>();
        for (ModelPool pool : ModelPool.of(models)) {
            ReplicaEntry all =
                    new ReplicaEntry(
                            Names.server(pool.name()),
                            ServerAddress.ofPods(pool, network.mtls()),
                            gateway.grpcPort().map(_ -> ServerAddress.GRPC_PORT));
            pool.models()
                    .forEach(model ->
                            entries.add(
                                    new ModelEntry(
                                            model.name(),
                                            pool.name(),
                                            List.of(all),
                                            Optional.empty())));
        }
        for (App app : apps) {
            ReplicaEntry all =
                    new ReplicaEntry(
                            Names.app(app.name()), AppObjects.address(app), Optional.empty());
            entries.add(new ModelEntry(app.name(), app.name(), List.of(all), Optional.of(true)));
        }
        return entries;
    }

    /// Files with keys come out of a Secret, into one folder.
    private static void check(Gateway gateway) {
        Problems problems = new Problems();
        for (Gateway.GivenCredential given : gateway.credentials()) {
            String key = given.at() + ".file";
            given.credential()
                    .file()
                    .filter(file -> file.startsWith("/") || List.of(file.split("/")).contains(".."))
                    .ifPresent(file ->
                            problems.add(
                                    new Problem(
                                            gateway.place().of(key),
                                            "Gateway/%s %s".formatted(gateway.name(), key),
                                            file,
                                            "on a cluster a path such as keys/openai, which names a"
                                                    + " key of the Secret "
                                                    + Names.gatewayKeys(gateway.name()))));
        }
        problems.throwIfAny();
    }
}
