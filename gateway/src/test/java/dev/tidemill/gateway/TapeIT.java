package dev.tidemill.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemill.testkit.FakeUpstream;
import dev.tidemill.testkit.LlmScripts;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class TapeIT {
    private static final String ASK =
            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"a secret\"}]}";

    private final FakeUpstream upstream =
            FakeUpstream.start(
                    LlmScripts.json("{\"usage\":{\"prompt_tokens\":40,\"completion_tokens\":60}}"));
    private final RunningGateway gateway =
            new RunningGateway(
                    Rules.line(
                            new Rules()
                                    .route(Rules.model("m", upstream))
                                    .key("alice", "search", List.of("m"), Rules.KEY)));

    @AfterEach
    void stop() {
        gateway.close();
        upstream.close();
    }

    @Test
    void requests_are_told_one_by_one_while_somebody_asks() throws Exception {
        ask();
        JsonNode first = read(0, 0);
        assertThat(first.path("requests").isEmpty()).isTrue();

        Instant before = Instant.now().minusSeconds(1);
        ask();
        // A line is written when its answer has gone out.
        JsonNode piece =
                await().until(
                                () ->
                                        read(
                                                first.path("tape").asLong(),
                                                first.path("next").asLong()),
                                read -> !read.path("requests").isEmpty());

        assertThat(piece.path("requests").size()).isEqualTo(1);
        JsonNode request = piece.path("requests").get(0);
        assertThat(request.path("model").asString()).isEqualTo("m");
        assertThat(request.path("inputTokens").asInt()).isEqualTo(40);
        assertThat(request.path("outputTokens").asInt()).isEqualTo(60);
        assertThat(request.path("status").asInt()).isEqualTo(200);
        assertThat(request.path("millis").asDouble()).isPositive();
        assertThat(Instant.parse(request.path("timestamp").asString())).isAfter(before);
        assertThat(piece.toString()).doesNotContain("secret");
    }

    @Test
    void what_is_no_number_is_refused() throws Exception {
        assertThat(gateway.admin("/requests?after=x"))
                .contains("after: 'x' (expected: a whole number)");
    }

    private void ask() throws Exception {
        assertThat(
                        gateway.send(
                                        gateway.request(Rules.CHAT)
                                                .header("authorization", "Bearer " + Rules.KEY)
                                                .POST(BodyPublishers.ofString(ASK)),
                                        BodyHandlers.ofString())
                                .statusCode())
                .isEqualTo(200);
    }

    private JsonNode read(long tape, long after) throws Exception {
        return JsonMapper.shared()
                .readTree(gateway.admin("/requests?tape=%d&after=%d".formatted(tape, after)));
    }
}
