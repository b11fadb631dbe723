package dev.tidemill.gateway.jwt;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.access.Caller;
import dev.tidemill.gateway.config.GatewayRules;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a token says of its owner.
///
/// @param claims of a token that holds
record TokenClaims(GatewayRules.Jwt rules, JWTClaimsSet claims) {
    private static final String MODEL = "model:";
    private static final String ROUTE = "route:";
    private static final Pattern NAME = Pattern.compile("[!-~&&[^\"\\\\]]{1,200}");

    /// No key of the file has such a name.
    private static final String USER = "user:";

    Caller caller(String address) throws BadToken {
        String user = name(rules.claims().user());
        if (user == null) {
            throw new BadToken("with the claim " + rules.claims().user());
        }
        Optional<String> team =
                rules.claims().team().flatMap(claim -> Optional.ofNullable(name(claim)));
        Set<String> models = new HashSet<>();
        Set<String> routes = new HashSet<>();
        List<String> scopes = scopes();
        for (String scope : scopes) {
            if (scope.startsWith(MODEL)) {
                models.add(scope.substring(MODEL.length()));
            } else if (scope.startsWith(ROUTE)) {
                routes.add(scope.substring(ROUTE.length()));
            }
        }
        String required = rules.requiredScope().orElse("");
        if (!required.isEmpty() && !scopes.contains(required)) {
            throw new TidemillException(
                    ErrorCode.FORBIDDEN,
                    "token: 'hidden' (expected: one with the scope %s)".formatted(required));
        }
        return new Caller(rules.issuer(), USER + user, team, models, routes, address);
    }

    private @Nullable String name(String claim) {
        return value(claim) instanceof String text && NAME.matcher(text).matches() ? text : null;
    }

    /// Words with spaces between them (RFC 8693), or a list of them.
    private List<String> scopes() {
        List<String> scopes = new ArrayList<>();
        switch (value(rules.claims().scopes())) {
            case String words -> scopes.addAll(List.of(words.split(" ", -1)));
            case Collection<?> list ->
                    list.stream()
                            .filter(String.class::isInstance)
                            .map(String.class::cast)
                            .forEach(scopes::add);
            case null, default -> {}
        }
        return scopes;
    }

    /// A claim by its name, or the one within another that `a.b` names.
    private @Nullable Object value(String claim) {
        Object whole = claims.getClaim(claim);
        if (whole != null || claim.indexOf('.') < 0) {
            return whole;
        }
        Object at = claims.getClaims();
        for (String part : claim.split("\\.", -1)) {
            at = at instanceof Map<?, ?> map ? map.get(part) : null;
        }
        return at;
    }
}
