package dev.tidemill.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

final class EventFilterTest {
    private static final String CHUNK =
            "data: {\"id\":\"1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\\\"usage\\\":{\\\"total_tokens\\\":9}\"},\"finish_reason\":null}],\"usage\":null}\n\n";
    private static final String USAGE =
            "data: {\"id\":\"1\",\"choices\":[],\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":30,\"total_tokens\":42,\"prompt_tokens_details\":{\"cached_tokens\":4}}}\n\n";
    private static final String DONE = "data: [DONE]\n\n";

    @Test
    void passes_everything_on_and_learns_the_usage() {
        EventFilter filter = new EventFilter(false);
        assertThat(pass(filter, CHUNK + USAGE + DONE)).isEqualTo(CHUNK + USAGE + DONE);
        assertThat(filter.usage()).isEqualTo(new Usage(12, 4, 30, false));
        assertThat(filter.isDone()).isTrue();
        assertThat(filter.pieces()).isEqualTo(1);
    }

    @Test
    void leaves_out_the_usage_that_the_client_did_not_ask_for() {
        EventFilter filter = new EventFilter(true);
        assertThat(pass(filter, CHUNK + USAGE + DONE)).isEqualTo(CHUNK + DONE);
        assertThat(filter.usage()).isEqualTo(new Usage(12, 4, 30, false));
    }

    @Test
    void keeps_usage_that_comes_with_choices() {
        String last = CHUNK.replace("\"usage\":null", "\"usage\":{\"total_tokens\":5}");
        EventFilter filter = new EventFilter(true);
        assertThat(pass(filter, last)).isEqualTo(last);
        assertThat(filter.usage()).isEqualTo(new Usage(5, 0, false));
    }

    @Test
    void passes_lines_on_as_they_end_and_keeps_their_beginnings() {
        EventFilter filter = new EventFilter(false);
        assertThat(pass(filter, "data: {\"a\"")).isEmpty();
        assertThat(filter.isInEvent()).isFalse();
        assertThat(pass(filter, ":1}\n")).isEqualTo("data: {\"a\":1}\n");
        assertThat(filter.isInEvent()).isTrue();
        assertThat(pass(filter, "\r\n: comment")).isEqualTo("\r\n");
        assertThat(filter.isInEvent()).isFalse();
        assertThat(new String(filter.rest(), StandardCharsets.UTF_8)).isEqualTo(": comment");
    }

    @Test
    void what_is_no_stream_of_events_passes_too() {
        String endless = "x".repeat(3_000_000);
        EventFilter filter = new EventFilter(true);
        String passed = pass(filter, endless) + pass(filter, "more\n") + pass(filter, CHUNK);
        assertThat(passed).isEqualTo(endless + "more\n" + CHUNK);
    }

    @RepeatedTest(20)
    void cuts_anywhere_make_no_difference(RepetitionInfo info) {
        long seed = info.getCurrentRepetition();
        SplittableRandom random = new SplittableRandom(seed);
        byte[] all =
                (CHUNK + CHUNK.replace("\n", "\r\n") + ": ping\n\n" + USAGE + DONE)
                        .getBytes(StandardCharsets.UTF_8);
        EventFilter filter = new EventFilter(true);
        StringBuilder passed = new StringBuilder();
        for (int from = 0; from < all.length; ) {
            int to = Math.min(all.length, from + 1 + random.nextInt(40));
            passed.append(
                    new String(
                            filter.pass(Arrays.copyOfRange(all, from, to)),
                            StandardCharsets.UTF_8));
            from = to;
        }
        assertThat(passed.toString())
                .as("seed %d", seed)
                .isEqualTo(CHUNK + CHUNK.replace("\n", "\r\n") + ": ping\n\n" + DONE);
        assertThat(filter.usage()).isEqualTo(new Usage(12, 4, 30, false));
        assertThat(filter.isDone()).isTrue();
    }

    private static String pass(EventFilter filter, String text) {
        return new String(
                filter.pass(text.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }
}
