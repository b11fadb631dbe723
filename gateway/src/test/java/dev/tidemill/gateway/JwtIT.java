package dev.tidemill.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.gateway.config.GatewayRules;
import dev.tidemill.testkit.FakeUpstream;
import dev.tidemill.testkit.LlmScripts;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Against an OpenID Connect server that others have written.
final class JwtIT {
    private final MockOAuth2Server server = new MockOAuth2Server();
    private final FakeUpstream upstream = FakeUpstream.start(LlmScripts.json("{}"));
    private RunningGateway gateway;

    @BeforeEach
    void start() {
        server.start();
        gateway =
                new RunningGateway(
                        Rules.line(
                                new Rules()
                                        .route(Rules.model("m", upstream))
                                        .route(Rules.model("secret", upstream))
                                        .key("alice", "search", List.of(), Rules.KEY)
                                        .limit(
                                                Rules.limitOf(
                                                        List.of("team"),
                                                        Optional.of(new GatewayRules.Rate(1, 3)),
                                                        Optional.empty(),
                                                        Optional.empty()))
                                        .jwt(issuer("acme"))));
    }

    @AfterEach
    void stop() {
        gateway.close();
        server.shutdown();
        upstream.close();
    }

    private GatewayRules.Jwt issuer(String name) {
        return new GatewayRules.Jwt(
                server.issuerUrl(name).toString(),
                List.of("tidemill"),
                Optional.empty(),
                List.of("RS256"),
                30_000,
                new GatewayRules.Claims("sub", Optional.of("team"), "scope"),
                Optional.of("ai"),
                false);
    }

    @Test
    void a_token_is_as_good_as_a_key_and_ends_here_too() throws Exception {
        String token = token("acme", "tidemill", 100, Map.of("scope", "ai openid"));
        assertThat(ask(token, "m").statusCode()).isEqualTo(200);
        assertThat(ask(token, "secret").statusCode()).isEqualTo(200);
        assertThat(ask(Rules.KEY, "m").statusCode()).isEqualTo(200);
        assertThat(upstream.requests().getFirst().headers()).doesNotContainKey("authorization");
    }

    @Test
    void its_scopes_and_team_bind_it() throws Exception {
        Map<String, Object> claims = Map.of("scope", List.of("ai", "model:m"), "team", "red");
        String token = token("acme", "tidemill", 100, claims);
        assertThat(ask(token, "secret").statusCode()).isEqualTo(403);
        for (int i = 0; i < 3; i++) {
            assertThat(ask(token, "m").statusCode()).isEqualTo(200);
        }
        assertThat(ask(token, "m").statusCode()).isEqualTo(429);
        assertThat(ask(token("acme", "tidemill", 100, claims), "m").statusCode()).isEqualTo(429);
        assertThat(ask(Rules.KEY, "m").statusCode()).isEqualTo(200);
        HttpResponse<String> without =
                ask(token("acme", "tidemill", 100, Map.of("scope", "openid")), "m");
        assertThat(without.statusCode()).isEqualTo(403);
        assertThat(without.body()).contains("one with the scope ai");
    }

    @Test
    void one_for_others_of_others_or_of_yesterday_is_401() throws Exception {
        Map<String, Object> claims = Map.of("scope", "ai");
        HttpResponse<String> late = ask(token("acme", "tidemill", -31, claims), "m");
        assertThat(late.statusCode()).isEqualTo(401);
        assertThat(late.body())
                .startsWith("{\"error\":{\"message\":\"token: 'hidden' (expected: one that has not")
                .contains("\"code\":\"invalid_api_key\"");
        assertThat(late.headers().firstValue("www-authenticate"))
                .hasValue("Bearer error=\"invalid_token\"");
        assertThat(ask(token("acme", "tidemill", -10, claims), "m").statusCode()).isEqualTo(200);
        assertThat(ask(token("acme", "others", 100, claims), "m").body())
                .contains("for this audience");
        assertThat(ask(token("evil", "tidemill", 100, claims), "m").body())
                .contains("of an issuer that is believed");
        String good = token("acme", "tidemill", 100, claims);
        String changed = good.substring(0, good.length() - 6) + "AAAAAA";
        assertThat(ask(changed, "m").body()).contains("with a signature that holds");
    }

    private String token(String issuer, String audience, long seconds, Map<String, Object> claims) {
        return server.issueToken(
                        issuer,
                        "client",
                        new DefaultOAuth2TokenCallback(
                                issuer, "ann", "JWT", List.of(audience), claims, seconds))
                .serialize();
    }

    private HttpResponse<String> ask(String key, String model) throws Exception {
        return gateway.send(
                gateway.request(Rules.CHAT)
                        .header("authorization", "Bearer " + key)
                        .POST(BodyPublishers.ofString("{\"model\":\"%s\"}".formatted(model))),
                BodyHandlers.ofString());
    }
}
