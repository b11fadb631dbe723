package dev.tidemill.spec;

import dev.tidemill.spec.yaml.Located;
import dev.tidemill.spec.yaml.MappingCursor;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads whose tokens a gateway believes.
final class TokenReader {
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    private TokenReader() {}

    static List<TokenIssuer> read(MappingCursor access) {
        List<TokenIssuer> issuers = new ArrayList<>();
        Set<URI> names = new HashSet<>();
        for (MappingCursor given : access.children(TokenKeys.JWT)) {
            TokenIssuer issuer = issuer(given);
            if (!names.add(issuer.issuer()) && given.isSound(TokenKeys.ISSUER)) {
                given.problem(TokenKeys.ISSUER, "each issuer once");
            }
            issuers.add(issuer);
        }
        return issuers;
    }

    private static TokenIssuer issuer(MappingCursor jwt) {
        URI issuer = jwt.get(TokenKeys.ISSUER);
        List<String> audience = values(jwt.items(TokenKeys.AUDIENCE));
        if (audience.isEmpty() && jwt.isSound(TokenKeys.AUDIENCE)) {
            jwt.problem(TokenKeys.AUDIENCE, TokenKeys.AUDIENCE.expected());
        }
        Optional<URI> jwks = jwt.find(TokenKeys.JWKS);
        List<String> algorithms = values(jwt.items(TokenKeys.ALGORITHMS));
        MappingCursor claims = jwt.child(TokenKeys.CLAIMS);
        boolean allowPrivate = jwt.get(TokenKeys.ALLOW_PRIVATE);
        boolean byFile = jwks.isPresent();
        if (!allowPrivate && !isSafe(jwks.orElse(issuer)) && jwt.isSound(TokenKeys.ISSUER)) {
            jwt.problem(
                    byFile ? TokenKeys.JWKS : TokenKeys.ISSUER,
                    "https, or http on this machine, or else allowPrivate: true");
        }
        return new TokenIssuer(
                issuer,
                audience,
                jwks,
                algorithms.isEmpty() ? TokenKeys.DEFAULT_ALGORITHMS : algorithms,
                jwt.get(TokenKeys.LEEWAY),
                claims.get(TokenKeys.USER),
                claims.find(TokenKeys.TEAM),
                claims.get(TokenKeys.SCOPES),
                jwt.find(TokenKeys.REQUIRED_SCOPE),
                allowPrivate);
    }

    private static boolean isSafe(URI place) {
        return "https".equals(place.getScheme()) || THIS_MACHINE.contains(place.getHost());
    }

    private static List<String> values(List<Located<String>> items) {
        return items.stream().map(Located::value).toList();
    }
}
