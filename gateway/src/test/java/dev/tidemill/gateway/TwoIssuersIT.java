package dev.tidemill.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemill.gateway.config.AnswerRules;
import dev.tidemill.gateway.config.GatewayRules;
import dev.tidemill.testkit.FakeUpstream;
import dev.tidemill.testkit.LlmScripts;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Two issuers, each of which has an `ann` of the team `red`: they are not the same.
final class TwoIssuersIT {
    private static final String ASK =
            "{\"model\":\"m\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"how high is the tide\"}]}";

    @TempDir private Path folder = Path.of("");
    private final MockOAuth2Server server = new MockOAuth2Server();
    private final FakeUpstream upstream = FakeUpstream.start(LlmScripts.json("{}"));
    private RunningGateway gateway;

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void stop() {
        gateway.close();
        server.shutdown();
        upstream.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"key", "team"})
    void what_one_was_answered_is_not_given_to_the_other(String per) throws Exception {
        start(rules().answers(answers(Optional.empty(), per)));

        assertThat(cache(ask("acme"))).isEqualTo("miss");
        assertThat(cache(ask("acme"))).isEqualTo("hit");
        assertThat(cache(ask("globex"))).isEqualTo("miss");
        assertThat(cache(ask("globex"))).isEqualTo("hit");
        assertThat(upstream.requests()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"key", "team"})
    void what_one_has_used_up_the_other_still_has(String per) throws Exception {
        start(
                rules().limit(
                                Rules.limitOf(
                                        List.of(per),
                                        Optional.of(new GatewayRules.Rate(1, 1)),
                                        Optional.empty(),
                                        Optional.empty())));

        assertThat(ask("acme").statusCode()).isEqualTo(200);
        assertThat(ask("acme").statusCode()).isEqualTo(429);
        assertThat(ask("globex").statusCode()).isEqualTo(200);
        assertThat(ask("globex").statusCode()).isEqualTo(429);
    }

    @Test
    void a_team_of_the_file_is_no_issuers_team() throws Exception {
        start(
                rules().key("alice", "red", List.of(), Rules.KEY)
                        .limit(
                                Rules.limitOf(
                                        List.of("team"),
                                        Optional.of(new GatewayRules.Rate(1, 1)),
                                        Optional.empty(),
                                        Optional.empty())));

        assertThat(ask("acme").statusCode()).isEqualTo(200);
        assertThat(send(Rules.KEY).statusCode()).isEqualTo(200);
        assertThat(send(Rules.KEY).statusCode()).isEqualTo(429);
    }

    @Test
    void the_audit_log_tells_which_of_them_it_was() throws Exception {
        Path file = folder.resolve("audit.jsonl");
        start(rules().answers(answers(Optional.of(file.toString()), "key")));

        ask("acme");
        ask("globex");
        await().until(() -> Files.exists(file) && Files.readAllLines(file).size() == 2);
        List<JsonNode> entries =
                Files.readAllLines(file, StandardCharsets.UTF_8).stream()
                        .map(line -> JsonMapper.shared().readTree(line))
                        .toList();
        assertThat(entries)
                .extracting(entry -> entry.path("key").asString())
                .containsExactly("user:ann", "user:ann");
        assertThat(entries)
                .extracting(entry -> entry.path("issuer").asString())
                .containsExactly(
                        server.issuerUrl("acme").toString(), server.issuerUrl("globex").toString());
    }

    private Rules rules() {
        return new Rules()
                .route(Rules.model("m", upstream))
                .jwt(issuer("acme"))
                .jwt(issuer("globex"));
    }

    private void start(Rules rules) {
        gateway = new RunningGateway(Rules.line(rules));
    }

    private GatewayRules.Jwt issuer(String name) {
        return new GatewayRules.Jwt(
                server.issuerUrl(name).toString(),
                List.of("tidemill"),
                Optional.empty(),
                List.of("RS256"),
                30_000,
                new GatewayRules.Claims("sub", Optional.of("team"), "scope"),
                Optional.empty(),
                false);
    }

    private static AnswerRules answers(Optional<String> file, String per) {
        return new AnswerRules(
                file.map(path ->
                        new AnswerRules.Audit(
                                Optional.of(path),
                                Optional.empty(),
                                Optional.empty(),
                                1 << 20,
                                2,
                                0,
                                64)),
                List.of(),
                List.of(
                        new AnswerRules.Cache(
                                "c",
                                AnswerRules.Scope.ALL,
                                per,
                                false,
                                60_000,
                                100,
                                1 << 20,
                                64 << 10,
                                Optional.empty())));
    }

    private static String cache(HttpResponse<String> answer) {
        return answer.headers().firstValue("x-tidemill-cache").orElse("");
    }

    private HttpResponse<String> ask(String issuer) throws Exception {
        return send(
                server.issueToken(
                                issuer,
                                "client",
                                new DefaultOAuth2TokenCallback(
                                        issuer,
                                        "ann",
                                        "JWT",
                                        List.of("tidemill"),
                                        Map.of("team", "red"),
                                        100))
                        .serialize());
    }

    private HttpResponse<String> send(String key) throws Exception {
        return gateway.send(
                gateway.request(Rules.CHAT)
                        .header("authorization", "Bearer " + key)
                        .POST(BodyPublishers.ofString(ASK)),
                BodyHandlers.ofString());
    }
}
