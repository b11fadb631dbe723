package dev.tidemill.gateway.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.tidemill.gateway.config.GatewayRules;
import java.time.Instant;
import java.util.Collections;
import java.util.Date;

/// One that tokens are believed of. What its tokens must be comes from the file alone: a token
/// chooses neither its way of signing nor where its keys are.
final class Issuer {
    private final GatewayRules.Jwt rules;
    private final KeySet keys;

    Issuer(GatewayRules.Jwt rules, KeySet keys) {
        this.rules = rules;
        this.keys = keys;
    }

    GatewayRules.Jwt rules() {
        return rules;
    }

    /// @throws BadToken when the token does not hold now
    /// @throws dev.tidemill.common.TidemillException `UNAVAILABLE` when nobody can know
    void verify(SignedJWT token, JWTClaimsSet claims, Instant now) throws BadToken {
        JWSHeader header = token.getHeader();
        if (!rules.algorithms().contains(header.getAlgorithm().getName())) {
            throw new BadToken("signed by one of " + String.join(", ", rules.algorithms()));
        }
        if (!isSigned(token, header)) {
            throw new BadToken("with a signature that holds");
        }
        if (Collections.disjoint(claims.getAudience(), rules.audience())) {
            throw new BadToken("for this audience");
        }
        long leeway = rules.leewayMillis();
        Date expires = claims.getExpirationTime();
        if (expires == null || !now.isBefore(expires.toInstant().plusMillis(leeway))) {
            throw new BadToken("that has not expired");
        }
        Date begins = claims.getNotBeforeTime();
        if (begins != null && now.isBefore(begins.toInstant().minusMillis(leeway))) {
            throw new BadToken("that has begun to hold");
        }
    }

    private boolean isSigned(SignedJWT token, JWSHeader header) {
        for (JWK key : keys.of(header)) {
            try {
                if (key instanceof AsymmetricJWK pair
                        && token.verify(
                                new DefaultJWSVerifierFactory()
                                        .createJWSVerifier(header, pair.toPublicKey()))) {
                    return true;
                }
            } catch (JOSEException e) {
                // A key of another kind, or a signature that is none.
            }
        }
        return false;
    }
}
