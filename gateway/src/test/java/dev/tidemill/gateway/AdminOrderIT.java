package dev.tidemill.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.config.TrafficRules;
import dev.tidemill.testkit.FakeUpstream;
import dev.tidemill.testkit.LlmScripts;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Who may give orders at the admin listener.
final class AdminOrderIT {
    private static final String ADMIN = "tm-the-admins-own-key";

    private final FakeUpstream upstream = FakeUpstream.start(LlmScripts.json("{}"));

    @AfterEach
    void stop() {
        upstream.close();
    }

    @Test
    void without_keys_whoever_is_at_this_machine_may_but_no_page_in_a_browser() throws Exception {
        try (RunningGateway gateway = new RunningGateway(Rules.line(rules()))) {
            assertThat(order(gateway, "origin", "https://evil.example").statusCode())
                    .isEqualTo(403);
            assertThat(order(gateway, "x-nothing", "x").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void with_keys_nobody_may_without_one() throws Exception {
        Rules rules = rules().key("alice", "search", List.of(), Rules.KEY).adminKey(ADMIN);
        try (RunningGateway gateway = new RunningGateway(Rules.line(rules))) {
            HttpResponse<String> nobody = order(gateway, "x-nothing", "x");
            assertThat(nobody.statusCode()).isEqualTo(401);
            assertThat(nobody.headers().firstValue("www-authenticate")).hasValue("Bearer");
            HttpResponse<String> client = order(gateway, "authorization", "Bearer " + Rules.KEY);
            assertThat(client.statusCode()).isEqualTo(401);
            assertThat(client.body()).contains("key: 'hidden'").doesNotContain(Rules.KEY);
            assertThat(gateway.admin("/canaries")).contains("\"phase\":\"stepping\"");
            assertThat(order(gateway, "authorization", "Bearer " + ADMIN).statusCode())
                    .isEqualTo(200);
            assertThat(gateway.admin("/canaries")).contains("\"phase\":\"promoted\"");
        }
    }

    @Test
    void an_admins_key_is_no_clients_key() throws Exception {
        Rules rules = rules().key("alice", "search", List.of(), Rules.KEY).adminKey(ADMIN);
        try (RunningGateway gateway = new RunningGateway(Rules.line(rules))) {
            HttpResponse<String> answer =
                    gateway.send(
                            gateway.request(Rules.CHAT)
                                    .header("authorization", "Bearer " + ADMIN)
                                    .POST(BodyPublishers.ofString("{\"model\":\"m\"}")),
                            BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(401);
        }
    }

    @Test
    void guesses_are_counted() throws Exception {
        Rules rules = rules().adminKey(ADMIN).wrongKeys(2);
        try (RunningGateway gateway = new RunningGateway(Rules.line(rules))) {
            for (int i = 0; i < 2; i++) {
                assertThat(order(gateway, "authorization", "Bearer guess").statusCode())
                        .isEqualTo(401);
            }
            assertThat(order(gateway, "authorization", "Bearer guess").statusCode()).isEqualTo(429);
            assertThat(order(gateway, "authorization", "Bearer " + ADMIN).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void where_other_machines_reach_it_there_must_be_a_key_or_no_orders() throws Exception {
        assertThatThrownBy(() -> new RunningGateway(Rules.line(rules()).adminHost("0.0.0.0")))
                .isInstanceOf(TidemillException.class)
                .hasMessageContaining("access.adminKeys: 'missing'")
                .hasMessageContaining("other machines reach the admin port at '0.0.0.0'");
        ConfigLine open = Rules.line(rules()).adminHost("0.0.0.0").adminOrders(false);
        try (RunningGateway gateway = new RunningGateway(open)) {
            HttpResponse<String> refused = order(gateway, "x-nothing", "x");
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.body()).contains("expected: access.adminKeys in the file");
            assertThat(gateway.admin("/metrics")).contains("tidemill_gateway_canary_share");
        }
        ConfigLine locked = Rules.line(rules().adminKey(ADMIN)).adminHost("0.0.0.0");
        try (RunningGateway gateway = new RunningGateway(locked)) {
            gateway.gateway.update(Rules.line(rules()).adminHost("0.0.0.0").config());
            assertThat(order(gateway, "x-nothing", "x").statusCode()).isEqualTo(401);
            assertThat(order(gateway, "authorization", "Bearer " + ADMIN).statusCode())
                    .isEqualTo(200);
        }
    }

    private Rules rules() {
        return new Rules()
                .route(
                        Rules.model("m", upstream, upstream)
                                .canary(
                                        new TrafficRules.Canary(
                                                List.of(20.0, 100.0),
                                                60_000,
                                                3_600_000,
                                                false,
                                                1,
                                                Optional.empty(),
                                                Optional.empty(),
                                                10,
                                                95)));
    }

    private static HttpResponse<String> order(RunningGateway gateway, String header, String value)
            throws Exception {
        URI place =
                URI.create(
                        "http://127.0.0.1:%d/canaries/m/promote"
                                .formatted(gateway.gateway.adminPort()));
        return gateway.send(
                HttpRequest.newBuilder(place).header(header, value).POST(BodyPublishers.noBody()),
                BodyHandlers.ofString());
    }
}
