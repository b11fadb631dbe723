package dev.tidemill.gateway.config;

import static java.util.Objects.requireNonNull;

import dev.tidemill.http.Json;
import dev.tidemill.http.tls.MutualTls;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// The gateway's configuration: the first line of its standard input, and every later line. Routes,
/// models and timeouts may differ from line to line.
///
/// @param port 0 for any free port
/// @param adminPort 0 for any free port
/// @param requestTimeoutMillis for the whole of a request
/// @param waitForReplicaMillis how long a request waits when no replica is ready
/// @param drainMillis how long it serves on after it was told to end
/// @param rules [GatewayRules#NONE] when empty
/// @param adminHost the loopback address when empty
/// @param tls plain HTTP when empty
/// @param canaryFile where rollouts are kept over restarts; they begin anew when empty
/// @param canaryControl where they are kept where there is no disk for it
/// @param grpcPort 0 for any free port; empty for no gRPC
/// @param adminOrders whether orders are taken at the admin listener at all, which they are when
///   empty; those that other machines reach must have keys for them
/// @param mtls how it speaks TLS to servers, control and the operator; plainly when empty
public record GatewayConfig(
        String name,
        String host,
        int port,
        int adminPort,
        List<Route> routes,
        long maxBodyBytes,
        long requestTimeoutMillis,
        long waitForReplicaMillis,
        long drainMillis,
        List<Model> models,
        Optional<GatewayRules> rules,
        Optional<String> adminHost,
        Optional<TlsFiles> tls,
        Optional<String> canaryFile,
        Optional<Integer> grpcPort,
        Optional<Boolean> adminOrders,
        Optional<ControlAddress> canaryControl,
        Optional<MutualTls> mtls) {
    private static final String LOOPBACK = "127.0.0.1";

    public GatewayConfig {
        requireNonNull(name, "name");
        requireNonNull(host, "host");
        routes = List.copyOf(routes);
        models = List.copyOf(models);
    }

    /// @throws dev.tidemill.common.TidemillException with every problem of the line
    public static GatewayConfig parse(String line) {
        return Json.read(line.getBytes(StandardCharsets.UTF_8), GatewayConfig.class).checked();
    }

    /// As [#parse(String)], for a line that replaces this configuration.
    public GatewayConfig parseUpdate(String line) {
        return checkedUpdate(Json.read(line.getBytes(StandardCharsets.UTF_8), GatewayConfig.class));
    }

    /// What the file says, or nothing special.
    public GatewayRules orNoRules() {
        return rules.orElse(GatewayRules.NONE);
    }

    /// The admin listener's address.
    public String orLoopback() {
        return adminHost.orElse(LOOPBACK);
    }

    /// Whether only this machine reaches the admin listener.
    public boolean isAdminHere() {
        String host = orLoopback();
        try {
            return host.equals("localhost") || InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /// @throws dev.tidemill.common.TidemillException with every problem of this configuration
    public GatewayConfig checked() {
        ConfigChecks.check(this);
        return this;
    }

    /// @throws dev.tidemill.common.TidemillException with every problem of `next`, as one that
    ///   replaces this one
    public GatewayConfig checkedUpdate(GatewayConfig next) {
        ConfigChecks.check(next);
        ConfigChecks.checkUpdate(this, next);
        return next;
    }

    /// Control's API.
    ///
    /// @param tokenFile of what it asks for, absolute; empty when it asks for nothing
    public record ControlAddress(URI url, Optional<String> tokenFile) {
        public ControlAddress {
            requireNonNull(url, "url");
        }
    }

    /// PEM files.
    ///
    /// @param certificate with those that vouch for it
    /// @param key without a password
    public record TlsFiles(String certificate, String key) {
        public TlsFiles {
            requireNonNull(certificate, "tls.certificate");
            requireNonNull(key, "tls.key");
        }
    }

    /// @param path stands for itself and everything below it
    public record Route(String path, String model) {
        public Route {
            requireNonNull(path, "routes.path");
            requireNonNull(model, "routes.model");
        }
    }

    /// @param pool the replicas' owner; models that share replicas have one pool
    /// @param version which one it is, for what is kept of its answers
    /// @param app whether it is no model but a program of anybody's, which only routes lead to and
    ///   which gets requests as they come; it is a model when empty
    public record Model(
            String name,
            String pool,
            List<Replica> replicas,
            Optional<String> version,
            Optional<Boolean> app) {
        /// One that is a model.
        public Model(String name, String pool, List<Replica> replicas, Optional<String> version) {
            this(name, pool, replicas, version, Optional.empty());
        }

        public boolean isApp() {
            return app.orElse(false);
        }

        public Model {
            requireNonNull(name, "models.name");
            requireNonNull(pool, "models.pool");
            replicas = List.copyOf(replicas);
        }
    }

    /// @param url `http://HOST:PORT`, or `https://HOST:PORT` with `mtls`
    /// @param grpcPort of the same host; empty when it speaks no gRPC
    public record Replica(String id, URI url, Optional<Integer> grpcPort) {
        /// One that speaks no gRPC.
        public Replica(String id, URI url) {
            this(id, url, Optional.empty());
        }

        public Replica {
            requireNonNull(id, "models.replicas.id");
            requireNonNull(url, "models.replicas.url");
        }
    }
}
