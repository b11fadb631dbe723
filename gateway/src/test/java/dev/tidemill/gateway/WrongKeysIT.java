package dev.tidemill.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.testkit.FakeUpstream;
import dev.tidemill.testkit.LlmScripts;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class WrongKeysIT {
    private final FakeUpstream upstream = FakeUpstream.start(LlmScripts.json("{}"));
    private final Rules rules =
            new Rules()
                    .route(Rules.model("m", upstream))
                    .key("alice", "search", List.of(), Rules.KEY)
                    .wrongKeys(5);
    private final RunningGateway gateway = new RunningGateway(Rules.line(rules));

    @AfterEach
    void stop() {
        gateway.close();
        upstream.close();
    }

    @Test
    void who_guesses_is_told_to_wait_and_who_knows_a_key_is_not() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertThat(ask("tm-guess-" + i).statusCode()).isEqualTo(401);
            assertThat(ask(Rules.KEY).statusCode()).isEqualTo(200);
        }
        HttpResponse<String> refused = ask("tm-guess-6");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValueAsLong("retry-after").orElseThrow())
                .isBetween(1L, 12L);
        assertThat(refused.body())
                .contains("\"code\":\"rate_limit_exceeded\"")
                .doesNotContain("tm-");
        assertThat(ask(Rules.KEY).statusCode()).isEqualTo(200);
        gateway.gateway.update(Rules.line(rules).config());
        assertThat(ask("tm-guess-7").statusCode()).isEqualTo(429);
        assertThat(gateway.admin("/metrics"))
                .contains("tidemill_gateway_wrong_keys_total{result=\"limited\"} 2.0")
                .contains("tidemill_gateway_wrong_keys_total{result=\"refused\"} 5.0");
    }

    private HttpResponse<String> ask(String key) throws Exception {
        return gateway.send(
                gateway.request(Rules.CHAT)
                        .header("x-api-key", key)
                        .POST(BodyPublishers.ofString("{\"model\":\"m\"}")),
                BodyHandlers.ofString());
    }
}
