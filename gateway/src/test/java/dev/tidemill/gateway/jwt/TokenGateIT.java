package dev.tidemill.gateway.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import dev.tidemill.common.Digest;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.access.Caller;
import dev.tidemill.gateway.config.GatewayRules;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What people do to tokens, and what servers of keys do.
final class TokenGateIT {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final Issuers issuers = new Issuers(System::nanoTime);
    private ECKey key;
    private HttpServer server;
    private volatile Answer answer;

    private record Answer(int status, Map<String, String> headers, String body) {}

    @BeforeEach
    void start() throws Exception {
        key = new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
        answer = new Answer(200, Map.of(), "{\"keys\":[%s]}".formatted(key.toPublicJWK()));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    asked.add(exchange.getRequestURI().toString());
                    answer.headers().forEach(exchange.getResponseHeaders()::set);
                    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(answer.status(), body.length);
                    try (exchange) {
                        exchange.getResponseBody().write(body);
                    } catch (IOException e) {
                        // Nobody wanted all of it.
                    }
                });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        issuers.close();
    }

    @Test
    void a_token_that_holds_says_who_it_is_and_is_known_for_a_minute() throws Exception {
        TokenGate gate = gate();
        String token = signed(header(), claims -> claims);
        Caller caller = gate.caller(token, hash(token), "a", NOW);
        assertThat(caller.key()).isEqualTo("user:ann");
        assertThat(caller.issuer()).isEqualTo(name());
        assertThat(caller.team()).hasValue("red");
        assertThat(caller.models()).isEqualTo(Set.of("m"));
        assertThat(caller.routes()).isEqualTo(Set.of("r"));
        assertThat(gate.known(hash(token), "b", NOW.plusSeconds(59))).isEqualTo(caller.at("b"));
        assertThat(gate.known(hash(token), "b", NOW.plusSeconds(60))).isNull();
        assertThat(gate.known(hash(token + "x"), "b", NOW)).isNull();
    }

    @Test
    void none_is_no_way_to_sign() {
        String token =
                encoded("{\"alg\":\"none\"}")
                        + "."
                        + encoded("{\"iss\":\"%s\",\"sub\":\"ann\"}".formatted(name()))
                        + ".";
        refused(() -> gate().caller(token, hash(token), "a", NOW), "a JWT, signed");
        String padded = token + "AAAA";
        refused(() -> gate().caller(padded, hash(padded), "a", NOW), "a JWT, signed");
    }

    @Test
    void what_everybody_knows_is_no_secret_to_sign_with() throws Exception {
        byte[] known = key.toECPublicKey().getEncoded();
        String token =
                sign(
                        new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("k1").build(),
                        claims().build(),
                        new MACSigner(known));
        refused(() -> gate().caller(token, hash(token), "a", NOW), "signed by one of ES256");
    }

    @Test
    void a_token_does_not_say_where_its_keys_are() throws Exception {
        ECKey own = new ECKeyGenerator(Curve.P_256).keyID("own").generate();
        String token =
                sign(
                        new JWSHeader.Builder(JWSAlgorithm.ES256)
                                .keyID("own")
                                .jwk(own.toPublicJWK())
                                .jwkURL(URI.create(name() + "/evil"))
                                .x509CertURL(URI.create(name() + "/evil"))
                                .build(),
                        claims().build(),
                        new ECDSASigner(own));
        refused(() -> gate().caller(token, hash(token), "a", NOW), "with a signature that holds");
        assertThat(asked).containsOnly("/keys");
    }

    @Test
    void what_it_says_must_be_understood_whole() throws Exception {
        JWSHeader critical =
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .keyID("k1")
                        .criticalParams(Set.of("exp2"))
                        .customParam("exp2", 1)
                        .build();
        refusedToken(signed(critical, claims -> claims), "with a signature that holds");
    }

    @Test
    void times_are_looked_at_with_their_leeway() throws Exception {
        refusedToken(
                signed(header(), claims -> claims.expirationTime(null)), "that has not expired");
        refusedToken(
                signed(header(), c -> c.expirationTime(Date.from(NOW.minusSeconds(10)))),
                "that has not expired");
        refusedToken(
                signed(header(), c -> c.notBeforeTime(Date.from(NOW.plusSeconds(11)))),
                "that has begun to hold");
        String early = signed(header(), c -> c.notBeforeTime(Date.from(NOW.plusSeconds(9))));
        assertThat(gate().caller(early, hash(early), "a", NOW).key()).isEqualTo("user:ann");
    }

    @Test
    void a_token_without_a_user_or_with_a_strange_one_is_nobodys() throws Exception {
        refusedToken(signed(header(), claims -> claims.subject(null)), "with the claim sub");
        refusedToken(signed(header(), claims -> claims.subject("a\nb")), "with the claim sub");
        refusedToken(
                signed(header(), claims -> claims.subject("a".repeat(300))), "with the claim sub");
    }

    @ParameterizedTest
    @ValueSource(strings = {"e.y.x", "ey", "ey.ey", "eyJ.eyJ.x", "ey..", "tm-a-key"})
    void what_is_no_token_is_a_wrong_key(String presented) {
        assertThatThrownBy(() -> gate().caller(presented, hash(presented), "a", NOW))
                .isInstanceOfSatisfying(
                        TidemillException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHENTICATED));
        assertThat(asked).isEmpty();
    }

    @Test
    void a_server_of_keys_leads_nowhere_else_and_is_not_read_without_end() throws Exception {
        String token = signed(header(), claims -> claims);
        for (Answer bad :
                List.of(
                        new Answer(302, Map.of("Location", name() + "/elsewhere"), ""),
                        new Answer(200, Map.of(), "x".repeat(600 * 1024)),
                        new Answer(200, Map.of(), "no keys"),
                        new Answer(500, Map.of(), "{}"))) {
            asked.clear();
            answer = bad;
            try (Issuers fresh = new Issuers(System::nanoTime)) {
                TokenGate gate = new TokenGate(List.of(rules(Optional.of(keys()))), fresh);
                assertThatThrownBy(() -> gate.caller(token, hash(token), "a", NOW))
                        .isInstanceOfSatisfying(
                                TidemillException.class,
                                e -> {
                                    assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
                                    assertThat(e.getMessage()).doesNotContain("http");
                                });
            }
            assertThat(asked).containsExactly("/keys");
        }
    }

    @Test
    void a_document_leads_to_no_private_address() {
        answer =
                new Answer(
                        200,
                        Map.of(),
                        "{\"issuer\":\"%s\",\"jwks_uri\":\"https://169.254.169.254/keys\"}"
                                .formatted(name()));
        KeyFetch fetch =
                new KeyFetch(rules(Optional.empty()), java.net.http.HttpClient::newHttpClient);
        assertThatThrownBy(fetch::keys).hasMessageContaining("private address");
        answer =
                new Answer(
                        200,
                        Map.of(),
                        "{\"issuer\":\"https://other\",\"jwks_uri\":\"%s\"}".formatted(keys()));
        assertThatThrownBy(fetch::keys).hasMessageContaining("another issuer");
        assertThat(asked).containsOnly("/.well-known/openid-configuration");
    }

    @Test
    void tokens_that_are_known_are_bounded() {
        KnownTokens known = new KnownTokens(10);
        Caller caller = new Caller("", "k", Optional.empty(), Set.of(), Set.of(), "a");
        for (int i = 0; i < 100; i++) {
            known.add(hash("t" + i), caller, 60_000 + i);
        }
        assertThat(known.size()).isEqualTo(10);
        known.add(hash("later"), caller, 200_000);
        assertThat(known.find(hash("later"), 150_000)).isEqualTo(caller);
        assertThat(known.size()).isEqualTo(1);
    }

    private void refusedToken(String token, String expected) {
        refused(() -> gate().caller(token, hash(token), "a", NOW), expected);
    }

    private static void refused(ThrowingCallable call, String expected) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        TidemillException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHENTICATED))
                .hasMessageContaining(expected);
    }

    private TokenGate gate() {
        return new TokenGate(List.of(rules(Optional.of(keys()))), issuers);
    }

    private String name() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private URI keys() {
        return URI.create(name() + "/keys");
    }

    private GatewayRules.Jwt rules(Optional<URI> jwks) {
        return new GatewayRules.Jwt(
                name(),
                List.of("tidemill"),
                jwks,
                List.of("ES256"),
                10_000,
                new GatewayRules.Claims("sub", Optional.of("groups.team"), "scope"),
                Optional.empty(),
                false);
    }

    private JWSHeader header() {
        return new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(JOSEObjectType.JWT)
                .keyID("k1")
                .build();
    }

    private JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer(name())
                .subject("ann")
                .audience(List.of("others", "tidemill"))
                .claim("groups", Map.of("team", "red"))
                .claim("scope", "openid model:m route:r")
                .expirationTime(Date.from(NOW.plusSeconds(3600)));
    }

    private String signed(JWSHeader header, UnaryOperator<JWTClaimsSet.Builder> change)
            throws Exception {
        return sign(header, change.apply(claims()).build(), new ECDSASigner(key));
    }

    private static String sign(JWSHeader header, JWTClaimsSet claims, JWSSigner signer)
            throws Exception {
        SignedJWT token = new SignedJWT(header, claims);
        token.sign(signer);
        return token.serialize();
    }

    private static String encoded(String json) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] hash(String text) {
        return Digest.sha256().digest(text.getBytes(StandardCharsets.UTF_8));
    }
}
