package dev.tidemill.autoscale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tidemill.scaling.Signal;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ReplicaSourceIT extends SignalSourceContract {
    private final FakeMetrics server = new FakeMetrics(text(10, 1, 0));
    private final List<URI> replicas = new ArrayList<>(List.of(server.address()));
    private long nanos;

    @AfterEach
    void close() {
        server.close();
    }

    @Override
    SignalSource source() {
        return new ReplicaSource(
                HttpClient.newHttpClient(), () -> Map.of(TARGET, replicas), () -> nanos++);
    }

    @Override
    void breaks() {
        server.fails(500);
    }

    @Override
    void hangs() {
        server.hangs();
    }

    @Test
    void a_slot_takes_what_the_requests_took_without_their_time_in_the_queue() {
        SignalSource source = source();
        source.read();
        server.says(text(30, 9, 5));
        assertThat(slot(source)).isEqualTo(0.15);
    }

    @Test
    void a_server_says_on_how_many_it_works_all_its_models_on_the_same_processors() {
        SignalSource source = source();
        server(
                "tidemill_server_slots{model=\"a\"} 2.0\n"
                        + "tidemill_server_slots{model=\"b\"} 3.0\n"
                        + "tidemill_server_slots{model=\"joined\"} 0.0\n");
        Measures measures = source.read().getOrDefault(TARGET, Measures.NONE);
        assertThat(measures.get(Signal.SLOTS)).isEqualTo(3);
    }

    @Test
    void a_server_that_does_not_say_on_how_many_it_works_says_nothing_of_it() {
        server("tidemill_server_slots{model=\"joined\"} 0.0\n");
        assertThat(source().read().getOrDefault(TARGET, Measures.NONE).values())
                .doesNotContainKey(Signal.SLOTS);
    }

    @Test
    void requests_wait_at_a_server_as_long_as_they_say_over_the_time_that_passed() {
        SignalSource source = source();
        source.read();
        nanos += 2_000_000_000L;
        server.says(text(30, 9, 6));
        Measures measures = source.read().getOrDefault(TARGET, Measures.NONE);
        assertThat(measures.get(Signal.WAITING)).isBetween(2.99, 3.01);
    }

    @Test
    void a_restarted_server_says_nothing_of_the_time_before() {
        SignalSource source = source();
        source.read();
        server.says(text(2, 0.2, 0));
        assertThat(slot(source)).isNaN();
        server.says(text(4, 0.6, 0));
        assertThat(slot(source)).isEqualTo(0.2);
    }

    @Test
    void a_replica_that_does_not_answer_is_left_out() {
        replicas.add(URI.create("http://127.0.0.1:1"));
        SignalSource source = source();
        source.read();
        server.says(text(30, 5, 0));
        assertThat(slot(source)).isEqualTo(0.2);
    }

    @Test
    void requests_that_were_refused_occupied_nothing() {
        SignalSource source = source();
        source.read();
        server.says(
                text(20, 2, 0)
                        + "tidemill_server_request_seconds_count{outcome=\"capacity\"} 500\n"
                        + "tidemill_server_request_seconds_sum{outcome=\"capacity\"} 1\n");
        assertThat(slot(source)).isEqualTo(0.1);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "vllm, vllm:prompt_tokens_total, vllm:generation_tokens_total, vllm:num_requests_waiting, vllm:kv_cache_usage_perc",
        "vllm before 1.0, vllm:prompt_tokens_total, vllm:generation_tokens_total, vllm:num_requests_waiting, vllm:gpu_cache_usage_perc",
        "sglang, sglang:prompt_tokens_total, sglang:generation_tokens_total, sglang:num_queue_reqs, sglang:token_usage",
        "llama.cpp, llamacpp:prompt_tokens_total, llamacpp:tokens_predicted_total, llamacpp:requests_deferred, llamacpp:kv_cache_usage_ratio"
    })
    void servers_of_language_models_say_tokens_what_waits_and_their_cache(
            String server, String prompts, String outputs, String waiting, String cache) {
        String said = "%s{model_name=\"m\"} %d\n%s %d\n%s 3.0\n%s 0.75\n";
        server(said.formatted(prompts, 1000, outputs, 100, waiting, cache));
        SignalSource source = source();
        source.read();
        nanos += 2_000_000_000L;
        server(said.formatted(prompts, 9000, outputs, 500, waiting, cache));
        Measures measures = source.read().getOrDefault(TARGET, Measures.NONE);
        assertThat(measures.get(Signal.PROMPT_TOKENS)).as(server).isCloseTo(4000, within(0.1));
        assertThat(measures.get(Signal.OUTPUT_TOKENS)).isCloseTo(200, within(0.1));
        assertThat(measures.get(Signal.WAITING)).isEqualTo(3);
        assertThat(measures.get(Signal.KV_CACHE)).isEqualTo(0.75);
    }

    @Test
    void tokens_of_a_replica_that_does_not_answer_are_taken_to_be_as_the_others() {
        server("vllm:prompt_tokens_total 1000\n");
        SignalSource source = source();
        source.read();
        replicas.add(URI.create("http://127.0.0.1:1"));
        nanos += 2_000_000_000L;
        server("vllm:prompt_tokens_total 9000\n");
        assertThat(source.read().getOrDefault(TARGET, Measures.NONE).get(Signal.PROMPT_TOKENS))
                .isCloseTo(8000, within(0.1));
    }

    @Test
    void a_server_that_counts_no_tokens_says_nothing_of_them() {
        SignalSource source = source();
        source.read();
        nanos += 2_000_000_000L;
        Measures measures = source.read().getOrDefault(TARGET, Measures.NONE);
        assertThat(measures.values())
                .doesNotContainKeys(Signal.PROMPT_TOKENS, Signal.OUTPUT_TOKENS, Signal.KV_CACHE);
    }

    private void server(String text) {
        server.says(text);
    }

    private static double slot(SignalSource source) {
        Measures measures = source.read().getOrDefault(TARGET, Measures.NONE);
        return Math.round(measures.get(Signal.SLOT_SECONDS) * 1000) == 0
                ? Double.NaN
                : Math.round(measures.get(Signal.SLOT_SECONDS) * 1000) / 1000.0;
    }

    private static String text(double count, double seconds, double queue) {
        return """
        # HELP tidemill_server_request_seconds Time.
        # TYPE tidemill_server_request_seconds histogram
        tidemill_server_request_seconds_bucket{model="digits",outcome="ok",le="+Inf"} %s
        tidemill_server_request_seconds_count{model="digits",outcome="ok"} %s
        tidemill_server_request_seconds_sum{model="digits",outcome="ok"} %s
        tidemill_server_queue_seconds_sum{model="digits"} %s
        tidemill_gpu_utilization_ratio{gpu="0",uuid="x"} 0.5
        """
                .formatted(count, count, seconds, queue);
    }
}
