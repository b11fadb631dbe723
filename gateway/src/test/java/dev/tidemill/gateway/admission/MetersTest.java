package dev.tidemill.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.access.Caller;
import dev.tidemill.gateway.config.GatewayRules;
import dev.tidemill.http.Metrics;
import dev.tidemill.limits.Amount;
import io.helidon.http.ServerResponseHeaders;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MetersTest {
    private static final long SECOND = 1_000_000_000L;
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);
    private final AtomicLong nanos = new AtomicLong();
    private final Metrics metrics = new Metrics();

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void each_address_has_a_limit_of_its_own_and_idle_ones_are_forgotten() throws Exception {
        Meters meters = new Meters(nanos::get, CLOCK, 100);
        Admission admission = new Admission(meters, null, metrics);
        LimitRules rules = rules(limit(List.of("address"), 60, 1));
        for (int i = 0; i < 1000; i++) {
            nanos.addAndGet(SECOND / 10);
            admission
                    .reserve(
                            rules,
                            asked("10.0.0." + i),
                            Amount.NONE,
                            1000,
                            0,
                            ServerResponseHeaders.create())
                    .close();
        }
        assertThat(meters.size()).isLessThanOrEqualTo(101);
    }

    @Test
    void newcomers_share_a_limit_when_there_is_no_room() throws Exception {
        Meters meters = new Meters(nanos::get, CLOCK, 10);
        Admission admission = new Admission(meters, null, metrics);
        LimitRules rules = rules(limit(List.of("address"), 60, 1));
        for (int i = 0; i < 11; i++) {
            admission.reserve(
                    rules,
                    asked("10.0.0." + i),
                    Amount.NONE,
                    1000,
                    0,
                    ServerResponseHeaders.create());
        }
        assertThatThrownBy(() ->
                        admission.reserve(
                                rules,
                                asked("10.0.1.1"),
                                Amount.NONE,
                                1000,
                                0,
                                ServerResponseHeaders.create()))
                .isInstanceOf(TidemillException.class);
        assertThat(meters.size()).isEqualTo(11);
    }

    @Test
    void a_request_that_one_limit_refuses_is_not_charged_to_the_others() throws Exception {
        Admission admission = new Admission(new Meters(nanos::get, CLOCK), null, metrics);
        LimitRules rules = rules(limit(List.of(), 60, 5), limit(List.of("address"), 60, 1));
        admission
                .reserve(rules, asked("a"), Amount.NONE, 1000, 0, ServerResponseHeaders.create())
                .close();
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() ->
                            admission.reserve(
                                    rules,
                                    asked("a"),
                                    Amount.NONE,
                                    1000,
                                    0,
                                    ServerResponseHeaders.create()))
                    .hasMessageContaining("expected: a request after 1.0 s");
        }
        for (String address : List.of("b", "c", "d", "e")) {
            admission
                    .reserve(
                            rules,
                            asked(address),
                            Amount.NONE,
                            1000,
                            0,
                            ServerResponseHeaders.create())
                    .close();
        }
        assertThatThrownBy(() ->
                        admission.reserve(
                                rules,
                                asked("f"),
                                Amount.NONE,
                                1000,
                                0,
                                ServerResponseHeaders.create()))
                .isInstanceOf(TidemillException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0ms",
        "1, 1ms",
        "12000000, 12ms",
        "999999999, 1s",
        "1500000000, 1.5s",
        "60000000000, 1m0s",
        "360000000000, 6m0s",
        "3661250000000, 1h1m1.25s"
    })
    void tells_durations_as_openai_does(long duration, String text) {
        assertThat(LimitHeaders.duration(duration)).isEqualTo(text);
    }

    private static LimitRules rules(GatewayRules.Limit... limits) {
        return new LimitRules(List.of(limits), new GatewayRules.Prices("USD", List.of()));
    }

    private static GatewayRules.Limit limit(List<String> per, long perMinute, long burst) {
        return new GatewayRules.Limit(
                "rate-" + per,
                per,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Optional.of(new GatewayRules.Rate(perMinute, burst)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static Asked asked(String address) {
        return new Asked(
                new Caller("", "", Optional.empty(), Set.of(), Set.of(), address), "m", "route");
    }
}
