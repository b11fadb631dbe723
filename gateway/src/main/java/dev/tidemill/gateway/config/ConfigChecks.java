package dev.tidemill.gateway.config;

import dev.tidemill.common.Problem;
import dev.tidemill.common.Problems;
import dev.tidemill.common.ResourceName;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/// Finds everything that is wrong with a [GatewayConfig].
final class ConfigChecks {
    private static final int MAX_PORT = 65_535;
    private static final long MAX_BODY = Integer.MAX_VALUE - 16;
    private static final long MAX_MILLIS = 24 * 3_600_000L;
    private static final Pattern PATH = Pattern.compile("/[!-~&&[^?#]]*");
    private static final Pattern REPLICA_ID = Pattern.compile("[A-Za-z0-9._-]{1,128}");

    private final Problems problems = new Problems();

    private ConfigChecks() {}

    static void check(GatewayConfig config) {
        ConfigChecks checks = new ConfigChecks();
        checks.range("port", config.port(), 0, MAX_PORT);
        checks.range("adminPort", config.adminPort(), 0, MAX_PORT);
        config.grpcPort().ifPresent(port -> checks.range("grpcPort", port, 0, MAX_PORT));
        checks.range("maxBodyBytes", config.maxBodyBytes(), 0, MAX_BODY);
        checks.range("requestTimeoutMillis", config.requestTimeoutMillis(), 1, MAX_MILLIS);
        checks.range("waitForReplicaMillis", config.waitForReplicaMillis(), 0, MAX_MILLIS);
        checks.range("drainMillis", config.drainMillis(), 0, MAX_MILLIS);
        checks.adminKeys(config);
        checks.models(config);
        checks.routes(config);
        new RuleChecks(config, checks.problems).check(config.orNoRules());
        checks.problems.throwIfAny();
    }

    /// What listens cannot change while it listens.
    static void checkUpdate(GatewayConfig now, GatewayConfig next) {
        ConfigChecks checks = new ConfigChecks();
        checks.same("name", now.name(), next.name());
        checks.same("host", now.host(), next.host());
        checks.same("port", now.port(), next.port());
        checks.same("adminPort", now.adminPort(), next.adminPort());
        checks.same("grpcPort", port(now), port(next));
        checks.same("maxBodyBytes", now.maxBodyBytes(), next.maxBodyBytes());
        checks.same("adminHost", now.adminHost().orElse(""), next.adminHost().orElse(""));
        checks.same("adminOrders", now.adminOrders().orElse(true), next.adminOrders().orElse(true));
        checks.same("canaryFile", now.canaryFile().orElse(""), next.canaryFile().orElse(""));
        checks.same("canaryControl", now.canaryControl(), next.canaryControl());
        checks.same("tls", files(now), files(next));
        checks.same("mtls", now.mtls(), next.mtls());
        checks.same("rules.shared", shared(now), shared(next));
        checks.problems.throwIfAny();
    }

    private static String files(GatewayConfig config) {
        return config.tls().map(tls -> tls.certificate() + ", " + tls.key()).orElse("none");
    }

    private static String port(GatewayConfig config) {
        return config.grpcPort().map(String::valueOf).orElse("none");
    }

    private static String shared(GatewayConfig config) {
        return config.orNoRules().shared().map(GatewayRules.SharedStore::toString).orElse("none");
    }

    /// Whoever reaches it could end a rollout.
    private void adminKeys(GatewayConfig config) {
        boolean open = config.orNoRules().access().adminKeys().orElse(List.of()).isEmpty();
        if (open && config.adminOrders().orElse(true) && !config.isAdminHere()) {
            add(
                    "access.adminKeys",
                    "missing",
                    "a key of those who may give orders, since other machines reach the admin port at"
                            + " '%s'".formatted(config.orLoopback()));
        }
    }

    private void models(GatewayConfig config) {
        Set<String> names = new HashSet<>();
        for (GatewayConfig.Model model : config.models()) {
            String at = "models." + model.name();
            if (!ResourceName.isValid(model.name())) {
                add("models.name", model.name(), ResourceName.EXPECTED);
            }
            if (!names.add(model.name())) {
                add(at, model.name(), "each model once");
            }
            Set<String> ids = new HashSet<>();
            for (GatewayConfig.Replica replica : model.replicas()) {
                if (!REPLICA_ID.matcher(replica.id()).matches()) {
                    add(at + ".replicas.id", replica.id(), "1 to 128 of A-Z a-z 0-9 . _ -");
                }
                if (!ids.add(replica.id())) {
                    add(at + ".replicas.id", replica.id(), "each replica once");
                }
                // Not both: a server of ours that speaks plainly has said nothing of who it is.
                String scheme = config.mtls().isPresent() && !model.isApp() ? "https" : "http";
                if (!isAddress(replica.url(), scheme)) {
                    add(at + ".replicas.url", replica.url().toString(), scheme + "://HOST:PORT");
                }
            }
        }
    }

    private void routes(GatewayConfig config) {
        Set<String> paths = new HashSet<>();
        for (GatewayConfig.Route route : config.routes()) {
            if (!PATH.matcher(route.path()).matches()) {
                add("routes.path", route.path(), "a path that begins with /, without ? and #");
            }
            if (!paths.add(route.path())) {
                add("routes.path", route.path(), "each path once");
            }
            if (config.models().stream()
                    .noneMatch(m -> !m.isApp() && m.name().equals(route.model()))) {
                add("routes.model", route.model(), "the name of one of the models");
            }
        }
    }

    private static boolean isAddress(URI url, String scheme) {
        return scheme.equals(url.getScheme())
                && url.getHost() != null
                && url.getPort() > 0
                && url.getPort() <= MAX_PORT
                && url.getRawUserInfo() == null
                && url.getRawQuery() == null
                && url.getRawFragment() == null
                && (url.getRawPath().isEmpty() || url.getRawPath().equals("/"));
    }

    private void range(String path, long value, long min, long max) {
        if (value < min || value > max) {
            add(path, String.valueOf(value), "%d to %d".formatted(min, max));
        }
    }

    private void same(String path, Object now, Object next) {
        if (!Objects.equals(now, next)) {
            add(path, next.toString(), "'%s' as at the start".formatted(now));
        }
    }

    private void add(String path, String value, String expected) {
        problems.add(new Problem("", path, value, expected));
    }
}
