package dev.tidemill.gateway.admission;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidemill.gateway.access.Caller;
import dev.tidemill.gateway.config.GatewayRules;
import dev.tidemill.http.Metrics;
import dev.tidemill.limits.Amount;
import dev.tidemill.limits.Rate;
import io.helidon.http.ServerResponseHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class WaitingLinesTest {
    private static final MeterKey ALICE = key("alice");
    private static final MeterKey BOB = key("bob");
    private static final int BODY = 100;
    private static final long LONG = TimeUnit.SECONDS.toNanos(20);
    private static final Rate ONE_AT_ONCE = new Rate(60, 1);

    private final AtomicLong nanos = new AtomicLong();
    private final Metrics metrics = new Metrics();

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void the_first_refusals_of_a_limit_are_told_at_once() {
        WaitingLines lines = new WaitingLines(nanos::get, metrics, new Rate(60, 2), 1);
        assertThat(enter(lines, ALICE)).isNull();
        assertThat(enter(lines, ALICE)).isNull();
        assertThat(enter(lines, ALICE)).isNotNull();
        assertThat(enter(lines, BOB)).isNull();
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(enter(lines, ALICE)).isNull();
        assertThat(enter(lines, ALICE)).isNotNull();
    }

    @Test
    void who_came_first_is_called_first_and_only_for_a_place_of_its_limit() throws Exception {
        WaitingLines lines = new WaitingLines(nanos::get, metrics, ONE_AT_ONCE, 1);
        WaitingLines.Wait first = waiting(lines, ALICE);
        WaitingLines.Wait second = waiting(lines, ALICE);
        WaitingLines.Wait other = waiting(lines, BOB);
        lines.freed(ALICE);
        assertThat(second.await()).isFalse();
        assertThat(other.await()).isFalse();
        assertThat(first.await()).isTrue();
    }

    @Test
    void a_place_that_who_was_called_does_not_take_is_the_next_ones() throws Exception {
        WaitingLines lines = new WaitingLines(nanos::get, metrics, ONE_AT_ONCE, 1);
        WaitingLines.Wait gone = waiting(lines, ALICE);
        WaitingLines.Wait refused = waiting(lines, ALICE);
        WaitingLines.Wait served = waiting(lines, ALICE);
        WaitingLines.Wait last = waiting(lines, ALICE);
        lines.freed(ALICE);
        gone.close();
        assertThat(refused.await()).isTrue();
        refused.close();
        assertThat(served.await()).isTrue();
        served.served();
        served.close();
        assertThat(last.await()).isFalse();
        assertThat(lines.isEmpty()).isFalse();
        last.close();
        assertThat(lines.isEmpty()).isTrue();
    }

    @Test
    void those_who_wait_hold_no_more_memory_than_there_is_for_them() {
        WaitingLines lines = new WaitingLines(nanos::get, metrics, ONE_AT_ONCE, 1);
        WaitingLines.Wait large = waiting(lines, ALICE, 17 << 20);
        assertThat(lines.enter(ALICE, true, 17 << 20)).isNull();
        WaitingLines.Wait small = waiting(lines, ALICE, 1 << 20);
        large.close();
        waiting(lines, ALICE, 17 << 20).close();
        small.close();
    }

    @Test
    void a_request_that_waits_comes_in_when_another_ends() throws Exception {
        Admission admission = admission(LONG);
        LimitRules rules = places(1);
        Reservation first = reserve(admission, rules);
        assertThatThrownBy(() -> reserve(admission, rules))
                .hasMessageContaining("1 requests at a time");
        FutureTask<Reservation> second = new FutureTask<>(() -> reserve(admission, rules));
        Thread.ofVirtual().start(second);
        await().until(() -> metrics().contains("tidemill_gateway_limited_waiting 1"));
        assertThat(second.isDone()).isFalse();
        first.close();
        second.get(20, TimeUnit.SECONDS).close();
        assertThat(metrics())
                .contains("tidemill_gateway_limited_waiting 0")
                .contains("{limit=\"places\",what=\"concurrent\"} 1.0");
    }

    @Test
    void whose_time_is_over_hears_what_it_would_have_heard_at_once() throws Exception {
        Admission admission = admission(1);
        LimitRules rules = places(1);
        reserve(admission, rules);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> reserve(admission, rules))
                    .hasMessageContaining("1 requests at a time");
        }
    }

    private Admission admission(long holdNanos) {
        Meters meters = new Meters(nanos::get, InstantSource.fixed(Instant.EPOCH));
        return new Admission(
                meters,
                null,
                metrics,
                new WaitingLines(nanos::get, metrics, ONE_AT_ONCE, holdNanos));
    }

    private String metrics() {
        return new String(metrics.scrape(), StandardCharsets.UTF_8);
    }

    private static Reservation reserve(Admission admission, LimitRules rules)
            throws InterruptedException {
        Caller caller = new Caller("", "alice", Optional.empty(), Set.of(), Set.of(), "a");
        return admission.reserve(
                rules,
                new Asked(caller, "m", ""),
                Amount.NONE,
                1000,
                BODY,
                ServerResponseHeaders.create());
    }

    private static LimitRules places(int most) {
        return new LimitRules(
                List.of(
                        new GatewayRules.Limit(
                                "places",
                                List.of("key"),
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(most),
                                Optional.empty())),
                new GatewayRules.Prices("USD", List.of()));
    }

    private static WaitingLines.@Nullable Wait enter(WaitingLines lines, MeterKey key) {
        return lines.enter(key, true, BODY);
    }

    private static WaitingLines.Wait waiting(WaitingLines lines, MeterKey key) {
        return waiting(lines, key, BODY);
    }

    private static WaitingLines.Wait waiting(WaitingLines lines, MeterKey key, int body) {
        WaitingLines.Wait wait = lines.enter(key, true, body);
        return wait == null ? requireNonNull(lines.enter(key, true, body)) : wait;
    }

    private static MeterKey key(String name) {
        return new MeterKey("r", "", name, "", "", "", "");
    }
}
