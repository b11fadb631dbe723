package dev.tidemill.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class JsonTest {
    record Order(String name, int count, Optional<String> note, List<Double> prices) {}

    record Stamped(Instant at, Map<String, Integer> by) {}

    @Test
    void reads_and_writes_records() {
        Order order = read("{\"name\":\"a\",\"count\":2,\"prices\":[1,2.5],\"unknown\":{}}");

        assertThat(order).isEqualTo(new Order("a", 2, Optional.empty(), List.of(1.0, 2.5)));
        assertThat(new String(Json.bytes(order), StandardCharsets.UTF_8))
                .isEqualTo("{\"name\":\"a\",\"count\":2,\"note\":null,\"prices\":[1.0,2.5]}");
    }

    @Test
    void writes_times_as_text() {
        byte[] json = Json.bytes(new Stamped(Instant.EPOCH, Map.of("a", 1)));

        assertThat(new String(json, StandardCharsets.UTF_8))
                .isEqualTo("{\"at\":\"1970-01-01T00:00:00Z\",\"by\":{\"a\":1}}");
        assertThat(Json.read(json, Stamped.class).at()).isEqualTo(Instant.EPOCH);
    }

    @Test
    void refuses_what_is_not_exactly_right() {
        for (String json :
                List.of(
                        "",
                        "null",
                        "[]",
                        "{\"count\":2,\"prices\":[]}",
                        "{\"name\":null,\"count\":2,\"prices\":[]}",
                        "{\"name\":\"a\",\"prices\":[]}",
                        "{\"name\":\"a\",\"count\":null,\"prices\":[]}",
                        "{\"name\":\"a\",\"count\":\"2\",\"prices\":[]}",
                        "{\"name\":\"a\",\"count\":2.5,\"prices\":[]}",
                        "{\"name\":\"a\",\"count\":99999999999,\"prices\":[]}",
                        "{\"name\":1,\"count\":2,\"prices\":[]}",
                        "{\"name\":\"a\",\"name\":\"b\",\"count\":2,\"prices\":[]}",
                        "{\"name\":\"a\",\"count\":2,\"prices\":[]} x",
                        "{\"name\":\"a\",\"count\":2,\"prices\":[NaN]}",
                        "{'name':'a','count':2,'prices':[]}",
                        "{\"x\":" + "[".repeat(65) + "]".repeat(65) + "}")) {
            assertThatThrownBy(() -> read(json))
                    .as(json)
                    .isInstanceOfSatisfying(
                            TidemillException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST));
        }
    }

    @Test
    void says_where_it_went_wrong() {
        assertThatThrownBy(() -> read("{\"name\":\"a\",\n \"count\": x}"))
                .hasMessageContaining("line 2, column");
    }

    private static Order read(String json) {
        return Json.read(json.getBytes(StandardCharsets.UTF_8), Order.class);
    }

    record Positive(int value) {
        Positive {
            if (value < 1) {
                throw new IllegalArgumentException("value: '%d' (expected: >= 1)".formatted(value));
            }
        }
    }

    @Test
    void says_what_a_record_refuses_in_the_records_words() {
        assertThatThrownBy(() ->
                        Json.read("{\"value\":0}".getBytes(StandardCharsets.UTF_8), Positive.class))
                .hasMessageContaining("value: '0' (expected: >= 1)");
    }

    @Test
    void says_what_is_missing_and_what_it_should_be() {
        assertThatThrownBy(() -> read("{\"name\":\"a\",\"prices\":[]}"))
                .hasMessageContaining("'count' (expected: an integer)");
        assertThatThrownBy(() -> read("{\"name\":\"a\",\"count\":1,\"prices\":[\"x\"]}"))
                .hasMessageContaining("'prices[0]' (expected: a number)");
    }
}
