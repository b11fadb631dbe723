package dev.tidemill.spec;

import dev.tidemill.common.Digest;
import dev.tidemill.spec.yaml.Located;
import dev.tidemill.spec.yaml.MappingCursor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads who may use a gateway.
final class AccessReader {
    private final OwnNames routes;
    private final OwnNames names = new OwnNames("key");
    private final OwnNames teams = new OwnNames("team");
    private final Map<Digest, Integer> hashes = new HashMap<>();

    AccessReader(OwnNames routes) {
        this.routes = routes;
    }

    OwnNames names() {
        return names;
    }

    OwnNames teams() {
        return teams;
    }

    GatewayAccess read(MappingCursor access) {
        List<GatewayAccess.Key> keys = new ArrayList<>();
        List<MappingCursor> given = access.children(AccessKeys.KEYS);
        for (int i = 0; i < given.size(); i++) {
            keys.add(key(given.get(i), i));
        }
        return new GatewayAccess(
                keys,
                TokenReader.read(access),
                access.get(AccessKeys.WRONG_KEYS),
                access.items(AccessKeys.ALLOW).stream().map(Located::value).toList(),
                access.items(AccessKeys.TRUSTED_PROXIES).stream().map(Located::value).toList(),
                cors(access),
                access.children(AccessKeys.ADMIN_KEYS).stream().map(this::secret).toList());
    }

    private GatewayAccess.Key key(MappingCursor key, int index) {
        key.get(AccessKeys.NAME);
        String name = names.take(key, AccessKeys.NAME, index);
        List<GatewayAccess.Secret> secrets =
                key.children(AccessKeys.SECRETS).stream().map(this::secret).toList();
        Optional<Located<String>> team = key.locate(AccessKeys.TEAM);
        team.ifPresent(found -> teams.add(found.value(), found.line()));
        return new GatewayAccess.Key(
                name,
                secrets,
                team.map(Located::value),
                key.items(AccessKeys.MODELS).stream().map(Located::value).toList(),
                routes.refer(key, AccessKeys.ROUTES));
    }

    private GatewayAccess.Secret secret(MappingCursor secret) {
        Optional<Located<Digest>> hash = secret.locate(AccessKeys.HASH);
        hash.map(found -> hashes.putIfAbsent(found.value(), found.line()))
                .ifPresent(line ->
                        secret.problem(
                                AccessKeys.HASH,
                                "a hash of its own; it is on line %d too".formatted(line)));
        return new GatewayAccess.Secret(
                secret.get(AccessKeys.HASH), secret.find(AccessKeys.EXPIRES));
    }

    private static Optional<GatewayAccess.Cors> cors(MappingCursor access) {
        MappingCursor cors = access.child(AccessKeys.CORS);
        List<String> origins = cors.items(AccessKeys.ORIGINS).stream().map(Located::value).toList();
        List<String> methods = cors.items(AccessKeys.METHODS).stream().map(Located::value).toList();
        List<String> headers = cors.items(AccessKeys.HEADERS).stream().map(Located::value).toList();
        boolean credentials = cors.get(AccessKeys.CREDENTIALS);
        GatewayAccess.Cors read =
                new GatewayAccess.Cors(
                        origins,
                        methods.isEmpty() ? List.of("GET", "HEAD", "POST") : methods,
                        headers,
                        credentials,
                        cors.get(AccessKeys.MAX_AGE));
        if (!access.has(AccessKeys.CORS) || !access.isSound(AccessKeys.CORS)) {
            return Optional.empty();
        }
        if (!cors.has(AccessKeys.ORIGINS)) {
            cors.problem(AccessKeys.ORIGINS, AccessKeys.ORIGINS.expected());
        }
        if (credentials && origins.contains("*")) {
            cors.problem(AccessKeys.CREDENTIALS, "false where every origin may call");
        }
        return Optional.of(read);
    }
}
