package dev.tidemill.spec;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// One whose tokens a gateway believes.
///
/// @param issuer what its tokens say of it, to the letter
/// @param audience one of which its tokens must be for
/// @param jwks where its keys are; empty: where its own document says
/// @param algorithms that its tokens may be signed by
/// @param leeway by which clocks may differ
/// @param user the claim that names who it is
/// @param scopes the claim with what it may do
/// @param allowPrivate whether its keys may come without TLS, and from private addresses
public record TokenIssuer(
        URI issuer,
        List<String> audience,
        Optional<URI> jwks,
        List<String> algorithms,
        Duration leeway,
        String user,
        Optional<String> team,
        String scopes,
        Optional<String> requiredScope,
        boolean allowPrivate) {
    public TokenIssuer {
        audience = List.copyOf(audience);
        algorithms = List.copyOf(algorithms);
    }
}
