package dev.tidemill.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.access.Caller;
import dev.tidemill.gateway.config.GatewayRules;
import dev.tidemill.http.Metrics;
import dev.tidemill.limits.Amount;
import dev.tidemill.limits.Moment;
import dev.tidemill.testkit.MemorySharedMeters;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Two gateways, one store, and nothing but what is told to happen.
final class SharedLimitsTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);
    private static final Asked ASKED =
            new Asked(new Caller("", "", Optional.empty(), Set.of(), Set.of(), "a"), "m", "route");

    private final Metrics metrics = new Metrics();
    private final MemorySharedMeters store = new MemorySharedMeters(() -> new Moment(0, 0));
    private final Metrics otherMetrics = new Metrics();

    @AfterEach
    void close() {
        metrics.close();
        otherMetrics.close();
    }

    @Test
    void gateways_have_a_limit_together() throws Exception {
        Admission one = admission(shared("a", true, metrics), metrics);
        Admission other = admission(shared("b", true, otherMetrics), otherMetrics);
        LimitRules rules = requests(2);
        reserve(one, rules).close();
        ServerResponseHeaders said = ServerResponseHeaders.create();
        other.reserve(rules, ASKED, Amount.NONE, 1000, 0, said).close();
        assertThat(said.get(HeaderNames.create("x-ratelimit-remaining-requests")).get())
                .isEqualTo("0");
        assertThatThrownBy(() -> reserve(one, rules)).hasMessageContaining("1 requests a minute");
        assertThatThrownBy(() -> reserve(other, rules)).hasMessageContaining("1 requests a minute");
    }

    @Test
    void open_means_that_each_counts_by_itself_while_the_store_is_lost() throws Exception {
        Admission one = admission(shared("a", true, metrics), metrics);
        LimitRules rules = requests(1);
        reserve(one, rules).close();
        store.lost(true);
        reserve(one, rules).close();
        assertThatThrownBy(() -> reserve(one, rules))
                .isInstanceOfSatisfying(
                        TidemillException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.RATE_LIMITED));
    }

    @Test
    void closed_means_that_what_is_limited_is_refused_and_nothing_else() throws Exception {
        Admission one = admission(shared("a", false, metrics), metrics);
        store.lost(true);
        assertThatThrownBy(() -> reserve(one, requests(1)))
                .isInstanceOfSatisfying(
                        TidemillException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                .hasMessage("limits: 'unknown' (expected: their store, which does not answer now)");
        reserve(one, new LimitRules(List.of(), new GatewayRules.Prices("USD", List.of()))).close();
    }

    @Test
    void nobody_asks_it_after_three_failures_until_a_look_finds_it() throws Exception {
        SharedLimits shared = shared("a", true, metrics);
        Admission one = admission(shared, metrics);
        LimitRules rules = requests(100);
        store.lost(true);
        for (int i = 0; i < 2; i++) {
            reserve(one, rules).close();
            assertThat(shared.isLost()).isFalse();
        }
        reserve(one, rules).close();
        assertThat(shared.isLost()).isTrue();
        store.lost(false);
        reserve(one, rules).close();
        assertThat(shared.isLost()).isTrue();
        shared.look();
        assertThat(shared.isLost()).isFalse();
    }

    @Test
    void what_ended_while_it_was_lost_is_told_when_it_is_back() throws Exception {
        SharedLimits shared = shared("a", true, metrics);
        Admission one = admission(shared, metrics);
        LimitRules rules = places(1);
        Reservation open = reserve(one, rules);
        store.lost(true);
        open.close();
        for (int i = 0; i < 3; i++) {
            reserve(one, rules).close();
        }
        store.lost(false);
        shared.look();
        reserve(one, rules).close();
    }

    @Test
    void meters_of_different_callers_never_have_one_name() {
        MeterKey first = new MeterKey("r", "", "a", "b:1:c", "", "", "");
        MeterKey second = new MeterKey("r", "", "a:5:b", "1:c", "", "", "");
        assertThat(first.text()).isNotEqualTo(second.text());
        assertThat(new MeterKey("r", "i", "k", "", "", "", "").text())
                .isNotEqualTo(new MeterKey("r", "j", "k", "", "", "", "").text());
        assertThat(new MeterKey("r", "", "", "", "m".repeat(10_000), "", "").text().length())
                .isLessThan(300);
    }

    private SharedLimits shared(String prefix, boolean failOpen, Metrics of) {
        SharedLimits shared = new SharedLimits(store, failOpen, prefix, of);
        shared.look();
        return shared;
    }

    private static Admission admission(SharedLimits shared, Metrics of) {
        return new Admission(new Meters(() -> 0, CLOCK), shared, of);
    }

    private static Reservation reserve(Admission admission, LimitRules rules)
            throws InterruptedException {
        return admission.reserve(
                rules, ASKED, Amount.NONE, 1000, 0, ServerResponseHeaders.create());
    }

    private static LimitRules requests(int burst) {
        return rules(Optional.of(new GatewayRules.Rate(1, burst)), Optional.empty());
    }

    private static LimitRules places(int most) {
        return rules(Optional.empty(), Optional.of(most));
    }

    private static LimitRules rules(
            Optional<GatewayRules.Rate> requests, Optional<Integer> places) {
        return new LimitRules(
                List.of(
                        new GatewayRules.Limit(
                                "rate",
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(),
                                requests,
                                Optional.empty(),
                                places,
                                Optional.empty())),
                new GatewayRules.Prices("USD", List.of()));
    }
}
