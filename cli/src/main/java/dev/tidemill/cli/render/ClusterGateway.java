package dev.tidemill.cli.render;

import static java.util.Map.entry;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tidemill.cli.gateway.Control;
import dev.tidemill.cli.gateway.RulesOfFile;
import dev.tidemill.common.Problem;
import dev.tidemill.common.Problems;
import dev.tidemill.manifests.ControlObjects;
import dev.tidemill.manifests.GatewayObjects;
import dev.tidemill.manifests.Names;
import dev.tidemill.manifests.ServerAddress;
import dev.tidemill.spec.Gateway;
import dev.tidemill.spec.Model;
import dev.tidemill.spec.ModelPool;
import dev.tidemill.spec.Route;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    record ReplicaEntry(String id, String url) {}

    record ModelEntry(String name, String pool, List<ReplicaEntry> replicas) {}

    /// @throws dev.tidemill.common.TidemillException `INVALID_SPEC` when it names files that no pod
    ///   can be given
    public static String config(Gateway gateway, List<Model> models) {
        check(gateway);
        URI control = URI.create("http://%s:%d".formatted(Names.CONTROL, ControlObjects.HTTP));
        RulesOfFile rules =
                new RulesOfFile(
                        gateway,
                        Path.of(GatewayObjects.KEYS_FOLDER),
                        new Control.Beside(
                                Optional.of(control), Optional.of(GatewayObjects.TOKEN_FILE)));
        DefaultIndenter lines = new DefaultIndenter("  ", "\n");
        return JSON.writer()
                        .with(
                                new DefaultPrettyPrinter()
                                        .withObjectIndenter(lines)
                                        .withArrayIndenter(lines))
                        .writeValueAsString(
                                Map.ofEntries(
                                        entry("name", gateway.name()),
                                        entry("host", "0.0.0.0"),
                                        entry("port", GatewayObjects.HTTP),
                                        entry("adminHost", "0.0.0.0"),
                                        entry("adminPort", GatewayObjects.ADMIN),
                                        entry("routes", rules.paths()),
                                        entry("maxBodyBytes", gateway.maxBody().bytes()),
                                        entry(
                                                "requestTimeoutMillis",
                                                gateway.requestTimeout().toMillis()),
                                        entry(
                                                "waitForReplicaMillis",
                                                gateway.waitForReplica().toMillis()),
                                        entry("drainMillis", GatewayObjects.DRAIN_MILLIS),
                                        entry("models", entries(models)),
                                        entry("rules", rules.rules())))
                + "\n";
    }

    private static List<ModelEntry> entries(List<Model> models) {
        List<ModelEntry> entries = new ArrayList<>();
        for (ModelPool pool : ModelPool.of(models)) {
            ReplicaEntry all =
                    new ReplicaEntry(Names.server(pool.name()), ServerAddress.ofPods(pool));
            pool.models()
                    .forEach(model ->
                            entries.add(new ModelEntry(model.name(), pool.name(), List.of(all))));
        }
        return entries;
    }

    /// Files with keys come out of a Secret, into one folder.
    private static void check(Gateway gateway) {
        Problems problems = new Problems();
        for (int i = 0; i < gateway.routes().size(); i++) {
            Route route = gateway.routes().get(i);
            for (int j = 0; j < route.upstreams().size(); j++) {
                String key = "spec.routes[%d].upstreams[%d].key.file".formatted(i, j);
                route.upstreams()
                        .get(j)
                        .key()
                        .flatMap(Route.Credential::file)
                        .filter(file ->
                                file.startsWith("/") || List.of(file.split("/")).contains(".."))
                        .ifPresent(file ->
                                problems.add(
                                        new Problem(
                                                gateway.place().of(key),
                                                "Gateway/%s %s".formatted(gateway.name(), key),
                                                file,
                                                "on a cluster a path such as keys/openai, which"
                                                        + " names a key of the Secret "
                                                        + Names.gatewayKeys(gateway.name()))));
            }
        }
        problems.throwIfAny();
    }
}
