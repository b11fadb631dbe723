package dev.tidemill.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemill.gateway.config.GatewayRules;
import dev.tidemill.testkit.FakeUpstream;
import dev.tidemill.testkit.LlmScripts;
import dev.tidemill.testkit.RealRedis;
import dev.tidemill.testkit.TroubledLine;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Several gateways, one Redis.
final class SharedLimitIT {
    private static final int GATEWAYS = 3;
    private static final String BODY = "{\"model\":\"m\",\"max_tokens\":90}";

    @TempDir private Path folder = Path.of("");
    private final FakeUpstream upstream =
            FakeUpstream.start(
                    LlmScripts.json("{\"usage\":{\"prompt_tokens\":40,\"completion_tokens\":60}}"));
    private final List<RunningGateway> gateways = new ArrayList<>();
    private RealRedis redis;
    private TroubledLine line;

    @BeforeEach
    void start() throws IOException {
        redis = RealRedis.start(folder);
        line = TroubledLine.to(redis.port());
    }

    @AfterEach
    void stop() {
        gateways.forEach(RunningGateway::close);
        upstream.close();
        if (redis != null) {
            line.close();
            redis.close();
        }
    }

    @Test
    void many_gateways_at_once_let_exactly_as_many_requests_in_as_one() throws Exception {
        gateways(true, Optional.of(new GatewayRules.Rate(1, 20)), Optional.empty());
        assertThat(granted(20)).isEqualTo(20);
    }

    @Test
    void many_gateways_at_once_let_no_more_tokens_in_than_were_reserved() throws Exception {
        // 7 for the question and 90 for the answer are reserved, 100 used: 10 fit into 1010.
        gateways(true, Optional.empty(), Optional.of(new GatewayRules.Rate(1, 1010)));
        assertThat(granted(10)).isEqualTo(10);
    }

    @Test
    void a_redis_that_is_lost_costs_a_few_requests_a_moment_and_comes_back_by_itself()
            throws Exception {
        gateways(true, Optional.of(new GatewayRules.Rate(1, 5)), Optional.empty());
        RunningGateway one = gateways.getFirst();
        assertThat(ask(one)).isEqualTo(200);
        line.slow(Duration.ofSeconds(30));
        for (int i = 0; i < 5; i++) {
            assertThat(ask(one)).isEqualTo(200);
        }
        assertThat(ask(one)).isEqualTo(429);
        await().untilAsserted(
                        () -> assertThat(one.admin("/metrics")).contains("shared_limits_lost 1.0"));
        line.cut();
        line.slow(Duration.ZERO);
        line.mend();
        await().untilAsserted(
                        () -> assertThat(one.admin("/metrics")).contains("shared_limits_lost 0.0"));
        assertThat(ask(one)).isEqualTo(200);
    }

    @Test
    void a_redis_that_comes_and_goes_all_the_time_fails_no_request() throws Exception {
        gateways(true, Optional.empty(), Optional.of(new GatewayRules.Rate(1_000_000, 1_000_000)));
        RunningGateway one = gateways.getFirst();
        for (int i = 0; i < 30; i++) {
            line.cut();
            assertThat(ask(one)).as("cut %d", i).isEqualTo(200);
            line.mend();
            assertThat(ask(one)).as("mended %d", i).isEqualTo(200);
        }
        await().untilAsserted(
                        () -> assertThat(one.admin("/metrics")).contains("shared_limits_lost 0.0"));
        assertThat(one.admin("/metrics")).contains("shared_limits_forgotten_total 0.0");
    }

    @Test
    void closed_refuses_in_the_words_of_the_protocol_and_says_nothing_of_the_redis()
            throws Exception {
        redis.kill();
        gateways(false, Optional.of(new GatewayRules.Rate(1, 5)), Optional.empty());
        HttpResponse<String> refused = send(gateways.getFirst());
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("retry-after")).hasValue("1");
        assertThat(refused.body())
                .startsWith("{\"error\":{\"message\":\"limits: 'unknown'")
                .doesNotContain("redis", String.valueOf(line.port()));
        redis.startAgain();
        await().untilAsserted(() -> assertThat(ask(gateways.getFirst())).isEqualTo(200));
    }

    private void gateways(
            boolean failOpen,
            Optional<GatewayRules.Rate> requests,
            Optional<GatewayRules.Rate> tokens) {
        URI url = URI.create("redis://127.0.0.1:" + line.port());
        for (int i = 0; i < GATEWAYS; i++) {
            gateways.add(
                    new RunningGateway(
                            Rules.line(
                                    new Rules()
                                            .route(Rules.model("m", upstream))
                                            .limit(
                                                    Rules.limitOf(
                                                            List.of(),
                                                            requests,
                                                            tokens,
                                                            Optional.empty()))
                                            .shared(url, Duration.ofMillis(400), failOpen))));
        }
        if (failOpen) {
            for (RunningGateway each : gateways) {
                await().untilAsserted(() ->
                        assertThat(each.admin("/metrics")).contains("shared_limits_lost 0.0"));
            }
        }
    }

    /// How many of twice as many requests as may come, through all gateways at once, are answered.
    private long granted(int may) throws Exception {
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 2 * may; i++) {
                RunningGateway gateway = gateways.get(i % GATEWAYS);
                answers.add(clients.submit(() -> ask(gateway)));
            }
            long granted = 0;
            for (Future<Integer> answer : answers) {
                granted += answer.get() == 200 ? 1 : 0;
            }
            return granted;
        }
    }

    private static int ask(RunningGateway gateway) throws Exception {
        return send(gateway).statusCode();
    }

    private static HttpResponse<String> send(RunningGateway gateway) throws Exception {
        return gateway.send(
                gateway.request(Rules.CHAT).POST(BodyPublishers.ofString(BODY)),
                BodyHandlers.ofString());
    }
}
