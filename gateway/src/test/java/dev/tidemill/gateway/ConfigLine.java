package dev.tidemill.gateway;

import dev.tidemill.gateway.config.GatewayConfig;
import dev.tidemill.gateway.config.GatewayRules;
import dev.tidemill.http.Json;
import dev.tidemill.http.tls.MutualTls;
import dev.tidemill.testkit.FakeUpstream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Writes configuration lines for tests.
final class ConfigLine {
    private final List<GatewayConfig.Model> models = new ArrayList<>();
    private final List<GatewayConfig.Route> routes = new ArrayList<>();
    private @Nullable GatewayRules rules;
    private GatewayConfig.@Nullable TlsFiles tls;
    private @Nullable Integer grpcPort;
    private @Nullable String adminHost;
    private @Nullable Boolean adminOrders;
    private @Nullable URI canaryControl;
    private @Nullable Path canaryFile;
    private @Nullable MutualTls mtls;
    private int port;
    private long maxBodyBytes = 1 << 22;
    private Duration requestTimeout = Duration.ofSeconds(20);
    private Duration waitForReplica = Duration.ofSeconds(10);
    private Duration drain = Duration.ZERO;

    /// Model `digits`, whose replicas are `r0`, `r1`, ...
    static ConfigLine digits(FakeUpstream... replicas) {
        return new ConfigLine().model("digits", "digits", replicas);
    }

    static ConfigLine empty() {
        return new ConfigLine();
    }

    ConfigLine model(String name, String pool, FakeUpstream... replicas) {
        List<GatewayConfig.Replica> entries = new ArrayList<>();
        for (int i = 0; i < replicas.length; i++) {
            entries.add(new GatewayConfig.Replica("r" + i, replicas[i].url()));
        }
        models.add(new GatewayConfig.Model(name, pool, entries, Optional.empty()));
        return this;
    }

    /// A model whose one replica is at that address.
    ConfigLine modelAt(String name, URI url, Optional<Integer> grpc) {
        models.add(
                new GatewayConfig.Model(
                        name,
                        name,
                        List.of(new GatewayConfig.Replica(name + "-0", url, grpc)),
                        Optional.empty()));
        return this;
    }

    /// What only routes lead to, whose replicas are `r0`, `r1`, ...
    ConfigLine app(String name, FakeUpstream... replicas) {
        List<GatewayConfig.Replica> entries = new ArrayList<>();
        for (int i = 0; i < replicas.length; i++) {
            entries.add(new GatewayConfig.Replica("r" + i, replicas[i].url()));
        }
        models.add(
                new GatewayConfig.Model(name, name, entries, Optional.empty(), Optional.of(true)));
        return this;
    }

    ConfigLine route(String path, String model) {
        routes.add(new GatewayConfig.Route(path, model));
        return this;
    }

    ConfigLine port(int given) {
        port = given;
        return this;
    }

    /// With a gRPC listener on any free port.
    ConfigLine grpc() {
        grpcPort = 0;
        return this;
    }

    /// A model whose replica speaks gRPC, and nothing else.
    ConfigLine grpcModel(String name, int... ports) {
        List<GatewayConfig.Replica> entries = new ArrayList<>();
        for (int port : ports) {
            entries.add(
                    new GatewayConfig.Replica(
                            name + "-" + entries.size(),
                            URI.create("http://127.0.0.1:" + port),
                            Optional.of(port)));
        }
        models.add(new GatewayConfig.Model(name, name, entries, Optional.empty()));
        return this;
    }

    ConfigLine maxBodyBytes(long bytes) {
        maxBodyBytes = bytes;
        return this;
    }

    ConfigLine requestTimeout(Duration timeout) {
        requestTimeout = timeout;
        return this;
    }

    ConfigLine waitForReplica(Duration wait) {
        waitForReplica = wait;
        return this;
    }

    ConfigLine drain(Duration given) {
        drain = given;
        return this;
    }

    GatewayConfig config() {
        return new GatewayConfig(
                "gateway",
                "127.0.0.1",
                port,
                0,
                routes,
                maxBodyBytes,
                requestTimeout.toMillis(),
                waitForReplica.toMillis(),
                drain.toMillis(),
                models,
                Optional.ofNullable(rules),
                Optional.ofNullable(adminHost),
                Optional.ofNullable(tls),
                Optional.ofNullable(canaryFile).map(Path::toString),
                Optional.ofNullable(grpcPort),
                Optional.ofNullable(adminOrders),
                Optional.ofNullable(canaryControl)
                        .map(url -> new GatewayConfig.ControlAddress(url, Optional.empty())),
                Optional.ofNullable(mtls));
    }

    /// With a health port of any number.
    ConfigLine mtls(Path identity) {
        mtls = new MutualTls(identity.toString(), 0);
        return this;
    }

    ConfigLine tls(Path certificate, Path key) {
        tls = new GatewayConfig.TlsFiles(certificate.toString(), key.toString());
        return this;
    }

    ConfigLine adminHost(String given) {
        adminHost = given;
        return this;
    }

    ConfigLine adminOrders(boolean given) {
        adminOrders = given;
        return this;
    }

    ConfigLine canaryControl(URI given) {
        canaryControl = given;
        return this;
    }

    ConfigLine canaryFile(Path given) {
        canaryFile = given;
        return this;
    }

    ConfigLine rules(GatewayRules given) {
        rules = given;
        return this;
    }

    String json() {
        return new String(Json.bytes(config()), StandardCharsets.UTF_8);
    }
}
