package dev.tidemill.gateway.jwt;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.access.Caller;
import dev.tidemill.gateway.access.Tokens;
import dev.tidemill.gateway.config.GatewayRules;
import java.text.ParseException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who comes with a token of an issuer. A token that held is known for a minute, so that its
/// signature is not computed for every request.
public final class TokenGate implements Tokens {
    private static final int MAX_KNOWN = 10_000;
    private static final long KNOWN_MILLIS = 60_000;

    private final List<Issuer> issuers;
    private final KnownTokens known = new KnownTokens(MAX_KNOWN);

    public TokenGate(List<GatewayRules.Jwt> rules, Issuers issuers) {
        this.issuers = issuers.of(rules);
    }

    @Override
    public boolean isEmpty() {
        return issuers.isEmpty();
    }

    /// Whether it can be a token: three parts, the first of which is JSON.
    private static boolean isToken(String presented) {
        int first = presented.indexOf('.');
        return presented.startsWith("ey") && first > 0 && presented.indexOf('.', first + 1) > first;
    }

    @Override
    public @Nullable Caller known(byte[] hash, String address, Instant now) {
        Caller caller = known.find(hash, now.toEpochMilli());
        return caller == null ? null : caller.at(address);
    }

    @Override
    public Caller caller(String token, byte[] hash, String address, Instant now) {
        if (!isToken(token)) {
            return Tokens.NONE.caller(token, hash, address, now);
        }
        try {
            SignedJWT parsed = SignedJWT.parse(token);
            JWTClaimsSet claims = parsed.getJWTClaimsSet();
            Issuer issuer = issuer(claims);
            issuer.verify(parsed, claims, now);
            Caller caller = new TokenClaims(issuer.rules(), claims).caller(address);
            long expires = claims.getExpirationTime().toInstant().toEpochMilli();
            known.add(hash, caller, Math.min(expires, now.toEpochMilli() + KNOWN_MILLIS));
            return caller;
        } catch (ParseException | IllegalArgumentException e) {
            throw bad("a JWT, signed");
        } catch (BadToken e) {
            throw bad("one " + e.getMessage());
        }
    }

    private Issuer issuer(JWTClaimsSet claims) throws BadToken {
        String name = claims.getIssuer();
        for (Issuer issuer : issuers) {
            if (issuer.rules().issuer().equals(name)) {
                return issuer;
            }
        }
        throw new BadToken("of an issuer that is believed");
    }

    private static TidemillException bad(String expected) {
        return new TidemillException(
                ErrorCode.UNAUTHENTICATED, "token: 'hidden' (expected: %s)".formatted(expected));
    }
}
