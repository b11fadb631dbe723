package dev.tidemill.cli.gateway;

import dev.tidemill.common.Digest;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.Problem;
import dev.tidemill.common.Problems;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.config.GatewayConfig;
import dev.tidemill.gateway.config.GatewayRules;
import dev.tidemill.gateway.config.TrafficRules;
import dev.tidemill.gateway.reload.ConfigSource;
import dev.tidemill.spec.Gateway;
import dev.tidemill.spec.Resource;
import dev.tidemill.spec.Route;
import dev.tidemill.spec.SpecParser;
import dev.tidemill.spec.TlsFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A resource file as the configuration of a gateway that runs alone. Used by one thread at a time.
public final class GatewayFile implements ConfigSource {
    /// A little more than the parser takes, so that it can say that the file is too large.
    private static final int READ_LIMIT = 16 << 20;

    private static final long DRAIN_MILLIS = 0;

    private final Path file;
    private final Listening listening;
    private final Optional<Path> data;
    private String seen = "";
    private List<String> secrets = List.of();

    /// @param listening what the command line says of addresses
    public GatewayFile(Path file, Listening listening) {
        this(file, listening, Optional.empty());
    }

    /// @param listening what the command line says of addresses
    /// @param data folder for what is kept over restarts; nothing is when empty
    public GatewayFile(Path file, Listening listening, Optional<Path> data) {
        this.file = file;
        this.listening = listening;
        this.data = data.map(Path::toAbsolutePath);
    }

    /// What the command line may say otherwise than the file.
    ///
    /// @param port the file's when empty, as are the host and the port for gRPC
    /// @param adminHost the loopback address when empty
    public record Listening(
            Optional<String> host,
            Optional<Integer> port,
            int adminPort,
            Optional<String> adminHost,
            Optional<Integer> grpcPort) {
        /// With the file's own port for gRPC, or none.
        public Listening(
                Optional<String> host,
                Optional<Integer> port,
                int adminPort,
                Optional<String> adminHost) {
            this(host, port, adminPort, adminHost, Optional.empty());
        }
    }

    /// The configuration now.
    ///
    /// @throws TidemillException with every problem of it
    public GatewayConfig read() {
        byte[] content = content();
        seen = fingerprint(content);
        return config(content);
    }

    @Override
    public Optional<GatewayConfig> changed() {
        String now;
        byte[] content;
        try {
            content = content();
            now = fingerprint(content);
        } catch (TidemillException e) {
            if (seen.equals("unreadable")) {
                return Optional.empty();
            }
            seen = "unreadable";
            throw e;
        }
        if (now.equals(seen)) {
            return Optional.empty();
        }
        seen = now;
        return Optional.of(config(content));
    }

    private GatewayConfig config(byte[] content) {
        String name = String.valueOf(file.getFileName());
        List<Resource> resources = SpecParser.parse(name, content).orThrow();
        Gateway gateway =
                resources.stream()
                        .filter(Gateway.class::isInstance)
                        .map(Gateway.class::cast)
                        .findFirst()
                        .orElseThrow(() ->
                                new TidemillException(
                                        ErrorCode.INVALID_SPEC,
                                        "%s: kind: Gateway: 'missing' (expected: one Gateway)"
                                                .formatted(name)));
        checkAlone(gateway);
        Path folder = file.toAbsolutePath().getParent();
        GatewayRules rules =
                new RulesOfFile(gateway, folder == null ? Path.of("/") : folder).rules();
        secrets =
                rules.routes().stream()
                        .flatMap(route ->
                                Stream.concat(
                                        route.upstreams().stream(),
                                        route.orNoTraffic().mirror().stream()
                                                .map(TrafficRules.Mirror::upstream)))
                        .flatMap(upstream -> upstream.key().stream())
                        .flatMap(key -> key.file().stream())
                        .toList();
        // Its own files are part of what is followed from now on.
        seen = fingerprint(content);
        return new GatewayConfig(
                gateway.name(),
                listening.host().orElse(gateway.host()),
                listening.port().orElse(gateway.port()),
                listening.adminPort(),
                List.of(),
                gateway.maxBody().bytes(),
                gateway.requestTimeout().toMillis(),
                gateway.waitForReplica().toMillis(),
                DRAIN_MILLIS,
                List.of(),
                Optional.of(rules),
                listening.adminHost(),
                gateway.tls().map(tls -> files(tls, folder)),
                data.map(state -> state.resolve(canaries(gateway)).toString()),
                listening.grpcPort().or(gateway::grpcPort),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static String canaries(Gateway gateway) {
        return "gateway-%s.canaries.json".formatted(gateway.name());
    }

    private static GatewayConfig.TlsFiles files(TlsFiles tls, @Nullable Path folder) {
        Path base = folder == null ? Path.of("/") : folder;
        return new GatewayConfig.TlsFiles(
                base.resolve(tls.certificate()).toString(), base.resolve(tls.key()).toString());
    }

    /// Alone, a gateway has no models: `up` and Kubernetes start those.
    private void checkAlone(Gateway gateway) {
        Problems problems = new Problems();
        for (int i = 0; i < gateway.routes().size(); i++) {
            Route route = gateway.routes().get(i);
            String at = "spec.routes[%d]".formatted(i);
            route.model().ifPresent(model -> problems.add(alone(gateway, at + ".model", model)));
            route.traffic()
                    .mirror()
                    .flatMap(mirror -> mirror.upstream().model())
                    .ifPresent(model -> problems.add(alone(gateway, at + ".mirror.model", model)));
            route.traffic()
                    .mirror()
                    .flatMap(mirror -> mirror.upstream().app())
                    .ifPresent(app -> problems.add(alone(gateway, at + ".mirror.app", app)));
            for (int j = 0; j < route.upstreams().size(); j++) {
                String key = "%s.upstreams[%d].model".formatted(at, j);
                route.upstreams()
                        .get(j)
                        .model()
                        .ifPresent(model -> problems.add(alone(gateway, key, model)));
                apps(gateway, route, at, j, problems);
            }
        }
        problems.throwIfAny();
    }

    /// `app` of a route is its only upstream.
    private static void apps(
            Gateway gateway, Route route, String at, int index, Problems problems) {
        String inList = "%s.upstreams[%d].app".formatted(at, index);
        String key = gateway.place().lines().containsKey(inList) ? inList : at + ".app";
        route.upstreams().get(index).app().ifPresent(app -> problems.add(alone(gateway, key, app)));
    }

    private static Problem alone(Gateway gateway, String key, String model) {
        return new Problem(
                gateway.place().of(key),
                "Gateway/%s %s".formatted(gateway.name(), key),
                model,
                "upstreams by url: `tidemill gateway` starts nothing, `tidemill up` does");
    }

    private byte[] content() {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(READ_LIMIT);
        } catch (IOException e) {
            throw new TidemillException(
                    ErrorCode.INVALID_SPEC,
                    "file: '%s' (expected: a readable YAML file)".formatted(file),
                    e);
        }
    }

    /// Of the file and of the keys that it names: a key that is replaced must be read again.
    private String fingerprint(byte[] content) {
        StringBuilder all = new StringBuilder(Digest.of(content).value());
        try (Stream<String> files = secrets.stream()) {
            files.forEach(secret -> all.append(' ').append(ofSecret(secret)));
        }
        return all.toString();
    }

    private static String ofSecret(String path) {
        try {
            return Digest.of(Path.of(path)).value();
        } catch (IOException e) {
            return "unreadable";
        }
    }
}
