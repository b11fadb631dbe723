package dev.tidemill.autoscale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.scaling.Signal;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

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
