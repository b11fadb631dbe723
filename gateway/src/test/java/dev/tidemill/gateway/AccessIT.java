package dev.tidemill.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.gateway.config.GatewayRules;
import dev.tidemill.testkit.FakeUpstream;
import dev.tidemill.testkit.LlmScripts;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AccessIT {
    private static final String OLD = "tm-the-key-before";
    private static final String EXPIRED = "tm-a-key-of-last-year";
    private static final String CHAT_ONLY = "tm-may-chat-only";

    private final FakeUpstream upstream = FakeUpstream.start(LlmScripts.json("{}"));
    private final Rules rules =
            new Rules()
                    .route(Rules.model("m", upstream))
                    .route(Rules.model("secret", upstream))
                    .route(Rules.path("/api/ai", upstream))
                    .key("alice", "search", List.of("m", "digits"), Rules.KEY, OLD)
                    .key(
                            new GatewayRules.Key(
                                    "chat",
                                    List.of(
                                            new GatewayRules.Secret(
                                                    Rules.hash(CHAT_ONLY), Optional.empty()),
                                            new GatewayRules.Secret(
                                                    Rules.hash(EXPIRED),
                                                    Optional.of(Instant.EPOCH.toEpochMilli()))),
                                    Optional.empty(),
                                    List.of(),
                                    List.of("m")));
    private final RunningGateway gateway =
            new RunningGateway(ConfigLine.digits(upstream).rules(rules.rules()));

    @AfterEach
    void stop() {
        gateway.close();
        upstream.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "authorization: Bearer " + Rules.KEY,
                "authorization: bearer " + Rules.KEY,
                "x-api-key: " + Rules.KEY,
                "api-key: " + Rules.KEY,
                "x-api-key: " + OLD
            })
    void a_key_is_taken_wherever_clients_put_it_and_never_passed_on(String header)
            throws Exception {
        assertThat(chat(header, "m").statusCode()).isEqualTo(200);
        FakeUpstream.Request seen = upstream.requests().getFirst();
        assertThat(seen.headers()).doesNotContainKeys("authorization", "x-api-key", "api-key");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x-nothing: x",
                "authorization: Bearer tm-alices-own-kez",
                "authorization: Bearer ",
                "authorization: Basic " + Rules.KEY,
                "x-api-key: " + EXPIRED
            })
    void no_key_and_wrong_ones_are_401_in_the_same_form(String header) throws Exception {
        HttpResponse<String> answer = chat(header, "m");
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body())
                .contains("\"type\":\"authentication_error\"", "\"code\":\"invalid_api_key\"")
                .doesNotContain("tm-");
        assertThat(upstream.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        Rules.KEY + ", secret, 403",
        Rules.KEY + ", unknown, 404",
        CHAT_ONLY + ", m, 200",
        CHAT_ONLY + ", secret, 403"
    })
    void a_key_may_use_what_it_is_for(String key, String model, int status) throws Exception {
        HttpResponse<String> answer = chat("x-api-key: " + key, model);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body().contains("secret")).isEqualTo(status == 403);
    }

    @Test
    void the_same_holds_for_paths_and_models_of_ours() throws Exception {
        assertThat(get("/v2/models/digits/ready", Rules.KEY).statusCode()).isEqualTo(200);
        assertThat(get("/v2/models/digits/ready", CHAT_ONLY).statusCode()).isEqualTo(403);
        assertThat(get("/api/ai", Rules.KEY).statusCode()).isEqualTo(403);
        assertThat(gateway.get("/v2/models/digits/ready").statusCode()).isEqualTo(401);
        assertThat(gateway.get("/v2/models/digits/ready").body()).startsWith("{\"error\":\"key:");
    }

    @Test
    void lists_show_what_the_client_may_use_and_health_needs_no_key() throws Exception {
        assertThat(get("/v1/models", Rules.KEY).body())
                .contains("\"id\":\"m\"", "\"id\":\"digits\"")
                .doesNotContain("secret");
        assertThat(get("/v1/models/secret", Rules.KEY).statusCode()).isEqualTo(404);
        assertThat(get("/v1/models/m", Rules.KEY).statusCode()).isEqualTo(200);
        assertThat(gateway.get("/v1/models").statusCode()).isEqualTo(401);
        assertThat(gateway.get("/v1/models/m").statusCode()).isEqualTo(401);
        assertThat(gateway.get("/v2/models").statusCode()).isEqualTo(401);
        assertThat(gateway.get("/").statusCode()).isEqualTo(401);
        assertThat(gateway.get("/health/live").statusCode()).isEqualTo(200);
        assertThat(gateway.get("/v2/health/ready").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, '', '', 200",
        "10.0.0.0/8, '', '', 403",
        "10.0.0.0/8, '', 10.1.1.1, 403",
        "10.0.0.0/8, 127.0.0.1, 10.1.1.1, 200",
        "10.0.0.0/8, 127.0.0.1, '10.1.1.1, 11.1.1.1', 403",
        "10.0.0.0/8, 127.0.0.0/8, '11.1.1.1, 10.1.1.1, 127.0.0.9', 200",
        "10.0.0.0/8, 127.0.0.1, nonsense, 403"
    })
    void addresses_are_the_sockets_or_what_trusted_proxies_say(
            String allow, String proxies, String forwarded, int status) throws Exception {
        rules.addresses(List.of(allow), proxies.isEmpty() ? List.of() : List.of(proxies));
        gateway.gateway.update(ConfigLine.digits(upstream).rules(rules.rules()).config());
        HttpRequest.Builder request = gateway.request("/v1/models").header("x-api-key", Rules.KEY);
        if (!forwarded.isEmpty()) {
            request.header("x-forwarded-for", forwarded);
        }
        assertThat(gateway.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(status);
    }

    @Test
    void pages_of_allowed_origins_may_ask_before_they_call() throws Exception {
        rules.cors(
                new GatewayRules.Cors(
                        List.of("https://app.example.com"),
                        List.of("GET", "POST"),
                        List.of(),
                        false,
                        600));
        gateway.gateway.update(ConfigLine.digits(upstream).rules(rules.rules()).config());
        HttpResponse<String> asked =
                gateway.send(
                        gateway.request(Rules.CHAT)
                                .header("Origin", "https://app.example.com")
                                .header("Access-Control-Request-Method", "POST")
                                .header("Access-Control-Request-Headers", "authorization")
                                .method("OPTIONS", BodyPublishers.noBody()),
                        BodyHandlers.ofString());
        assertThat(asked.statusCode()).isEqualTo(204);
        assertThat(asked.headers().firstValue("access-control-allow-origin"))
                .hasValue("https://app.example.com");
        assertThat(asked.headers().firstValue("access-control-allow-headers"))
                .hasValue("authorization");
        assertThat(
                        gateway.send(
                                        gateway.request("/v1/models")
                                                .header("Origin", "https://app.example.com")
                                                .header("Access-Control-Request-Method", "GET")
                                                .method("OPTIONS", BodyPublishers.noBody()),
                                        BodyHandlers.ofString())
                                .statusCode())
                .isEqualTo(204);
        HttpResponse<String> called =
                gateway.send(
                        gateway.request("/v1/models")
                                .header("x-api-key", Rules.KEY)
                                .header("Origin", "https://app.example.com"),
                        BodyHandlers.ofString());
        assertThat(called.headers().firstValue("access-control-allow-origin")).isPresent();
        HttpResponse<String> other =
                gateway.send(
                        gateway.request("/v1/models")
                                .header("x-api-key", Rules.KEY)
                                .header("Origin", "https://evil.example.com"),
                        BodyHandlers.ofString());
        assertThat(other.headers().firstValue("access-control-allow-origin")).isEmpty();
    }

    private HttpResponse<String> chat(String header, String model) throws Exception {
        int colon = header.indexOf(": ");
        return gateway.send(
                gateway.request(Rules.CHAT)
                        .header(header.substring(0, colon), header.substring(colon + 2))
                        .POST(BodyPublishers.ofString("{\"model\":\"%s\"}".formatted(model))),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path, String key) throws Exception {
        return gateway.send(
                gateway.request(path).header("x-api-key", key), BodyHandlers.ofString());
    }
}
