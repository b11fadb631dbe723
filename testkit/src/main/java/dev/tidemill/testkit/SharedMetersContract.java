package dev.tidemill.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tidemill.limits.Amount;
import dev.tidemill.limits.Budget;
import dev.tidemill.limits.Moment;
import dev.tidemill.limits.Quota;
import dev.tidemill.limits.QuotaDecision;
import dev.tidemill.limits.Rate;
import dev.tidemill.limits.SharedMeters;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What all [SharedMeters] must do. Rates are so slow that nothing refills while a test runs.
public abstract class SharedMetersContract {
    private static final long LEASE = 60_000;
    private static final Quota REQUESTS = quota(new Rate(1, 3), null, null, null);
    private static final Quota TOKENS = quota(null, new Rate(1, 100), null, null);
    private static final Quota PLACES = quota(null, null, 2, null);
    private static final Quota MONEY = quota(null, null, null, new Budget(1000, ZoneOffset.UTC));

    private final AtomicLong ids = new AtomicLong();
    private SharedMeters one;
    private SharedMeters other;

    /// Another process's view of the same meters.
    protected abstract SharedMeters meters();

    @BeforeEach
    final void open() {
        one = meters();
        other = meters();
        one.check();
        other.check();
    }

    @AfterEach
    final void close() {
        one.close();
        other.close();
    }

    @Test
    final void what_one_takes_is_gone_for_the_other() {
        for (SharedMeters from : List.of(one, other, one)) {
            assertThat(reserve(from, Amount.NONE, claim("m", REQUESTS)))
                    .hasOnlyElementsOfType(QuotaDecision.Granted.class);
        }
        assertThat(reserve(other, Amount.NONE, claim("m", REQUESTS)))
                .singleElement()
                .isInstanceOfSatisfying(
                        QuotaDecision.Exceeded.class,
                        exceeded -> {
                            assertThat(exceeded.what()).isEqualTo(QuotaDecision.What.REQUESTS);
                            assertThat(exceeded.waitNanos() / 1e9).isBetween(50.0, 60.0);
                        });
        assertThat(reserve(other, Amount.NONE, claim("another", REQUESTS)))
                .hasOnlyElementsOfType(QuotaDecision.Granted.class);
    }

    @Test
    final void all_is_taken_or_nothing() {
        granted(one, new Amount(100, 0), claim("tokens", TOKENS));
        for (int i = 0; i < 5; i++) {
            List<QuotaDecision> decisions =
                    reserve(
                            one,
                            new Amount(10, 0),
                            claim("m", REQUESTS),
                            claim("tokens", TOKENS),
                            claim("more", REQUESTS));
            assertThat(decisions).hasSize(2);
            assertThat(decisions.getLast())
                    .isInstanceOfSatisfying(
                            QuotaDecision.Exceeded.class,
                            exceeded ->
                                    assertThat(exceeded.what())
                                            .isEqualTo(QuotaDecision.What.TOKENS));
        }
        for (int i = 0; i < 3; i++) {
            granted(one, Amount.NONE, claim("m", REQUESTS), claim("more", REQUESTS));
        }
    }

    @Test
    final void tokens_are_settled_by_what_was_used_and_may_be_owed() {
        Taken taken = granted(one, new Amount(80, 0), claim("m", TOKENS));
        settle(other, taken, new Amount(20, 0));
        Taken second = granted(one, new Amount(80, 0), claim("m", TOKENS));
        assertThat(second.left().tokens().left()).isEqualTo(0, within(1.0));
        settle(one, second, new Amount(180, 0));
        assertThat(
                        reserve(one, new Amount(1, 0), claim("m", TOKENS))
                                .getLast()
                                .use()
                                .tokens()
                                .left())
                .isEqualTo(-100, within(1.0));
    }

    @Test
    final void places_are_free_again_when_requests_end_or_their_lease_does() {
        Taken first = granted(one, Amount.NONE, claim("m", PLACES));
        granted(other, Amount.NONE, claim("m", PLACES));
        assertThat(what(one, claim("m", PLACES))).isEqualTo(QuotaDecision.What.CONCURRENT);
        settle(other, first, Amount.NONE);
        settle(other, first, Amount.NONE);
        SharedMeters.Request gone = request(Amount.NONE, 1, claim("m", PLACES));
        assertThat(one.reserve(gone)).hasOnlyElementsOfType(QuotaDecision.Granted.class);
        for (long began = System.nanoTime(); System.nanoTime() - began < 10_000_000; ) {
            Thread.onSpinWait();
        }
        granted(one, Amount.NONE, claim("m", PLACES));
        assertThat(what(one, claim("m", PLACES))).isEqualTo(QuotaDecision.What.CONCURRENT);
    }

    @Test
    final void money_is_reserved_and_settled_to_the_billionth() {
        Taken taken = granted(one, new Amount(0, 900), claim("m", MONEY));
        assertThat(taken.left().money().spent()).isEqualTo(900);
        assertThat(reserve(other, new Amount(0, 101), claim("m", MONEY)).getLast())
                .isInstanceOfSatisfying(
                        QuotaDecision.Exceeded.class,
                        exceeded -> {
                            assertThat(exceeded.what()).isEqualTo(QuotaDecision.What.MONEY);
                            assertThat(exceeded.waitNanos() / 1e9).isBetween(1.0, 86_400.0);
                        });
        settle(one, taken, new Amount(0, 1));
        assertThat(granted(one, new Amount(0, 999), claim("m", MONEY)).left().money().spent())
                .isEqualTo(1000);
        granted(one, Amount.NONE, claim("m", MONEY));
    }

    @Test
    final void what_is_told_twice_counts_once() {
        Quota all = quota(new Rate(1, 3), new Rate(1, 100), 2, new Budget(1000, ZoneOffset.UTC));
        Taken taken = granted(one, new Amount(80, 500), claim("m", all));
        List<QuotaDecision> again = other.reserve(taken.request());
        assertThat(again).hasOnlyElementsOfType(QuotaDecision.Granted.class);
        assertThat(again.getLast().use().inFlight()).isEqualTo(1);
        assertThat(again.getLast().use().money().spent()).isEqualTo(500);

        settle(one, taken, new Amount(10, 100));
        settle(other, taken, new Amount(10, 100));
        Quota.Use left = granted(one, Amount.NONE, claim("m", all)).left();
        assertThat(left.requests().left()).isEqualTo(1, within(0.5));
        assertThat(left.tokens().left()).isEqualTo(90, within(0.5));
        assertThat(left.money().spent()).isEqualTo(100);
        assertThat(left.inFlight()).isEqualTo(1);
    }

    @Test
    final void money_of_a_day_that_has_ended_is_not_given_back() {
        Taken taken = granted(one, new Amount(0, 500), claim("m", MONEY));
        one.settle(taken.request(), List.of(taken.days().getFirst() - 1), new Amount(0, 100));
        assertThat(granted(one, Amount.NONE, claim("m", MONEY)).left().money().spent())
                .isEqualTo(600);
    }

    @Test
    final void great_numbers_stay_exact() {
        long most = 1_000_000L * 1_000_000_000L;
        Quota rich = quota(null, null, null, new Budget(most, ZoneOffset.UTC));
        granted(one, new Amount(0, most - 1), claim("m", rich));
        assertThat(reserve(one, new Amount(0, 2), claim("m", rich)).getLast())
                .isInstanceOf(QuotaDecision.Exceeded.class);
        assertThat(granted(one, new Amount(0, 1), claim("m", rich)).left().money().spent())
                .isEqualTo(most);
    }

    @Test
    final void many_at_once_get_exactly_what_there_is() throws Exception {
        Quota hundred = quota(new Rate(1, 100), null, null, null);
        Callable<Integer> client =
                () ->
                        IntStream.range(0, 30)
                                .map(i -> {
                                    SharedMeters from = i % 2 == 0 ? one : other;
                                    return reserve(from, Amount.NONE, claim("m", hundred)).getLast()
                                                    instanceof QuotaDecision.Granted
                                            ? 1
                                            : 0;
                                })
                                .sum();
        int granted = 0;
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> all = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                all.add(clients.submit(client));
            }
            for (Future<Integer> each : all) {
                granted += each.get();
            }
        }
        assertThat(granted).isEqualTo(100);
    }

    @Test
    final void decides_as_a_quota_does_whatever_comes() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        Quota quota =
                quota(
                        new Rate(1, 40),
                        new Rate(1, 2000),
                        5,
                        new Budget(5000, ZoneOffset.ofHours(5)));
        SharedMeters model =
                new MemorySharedMeters(() ->
                        new Moment(System.nanoTime(), InstantSource.system().millis() / 1000));
        List<Taken> flying = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            if (!flying.isEmpty() && random.nextInt(5) < 2) {
                Taken ended = flying.remove(random.nextInt(flying.size()));
                Amount used = new Amount(random.nextInt(150), random.nextInt(300));
                settle(one, ended, used);
                settle(model, ended, used);
                continue;
            }
            SharedMeters.Request request =
                    request(
                            new Amount(random.nextInt(150), random.nextInt(300)),
                            LEASE,
                            claim("m", quota));
            QuotaDecision expected = model.reserve(request).getLast();
            QuotaDecision actual = one.reserve(request).getLast();
            assertThat(actual.getClass())
                    .as("seed %d, step %d", seed, i)
                    .isEqualTo(expected.getClass());
            same(expected, actual, seed);
            if (actual instanceof QuotaDecision.Granted) {
                flying.add(new Taken(request, List.of(actual)));
            }
        }
    }

    private static void same(QuotaDecision expected, QuotaDecision actual, long seed) {
        Quota.Use use = actual.use();
        assertThat(use.requests().left())
                .as("seed %d", seed)
                .isEqualTo(expected.use().requests().left(), within(0.5));
        assertThat(use.tokens().left())
                .as("seed %d", seed)
                .isEqualTo(expected.use().tokens().left(), within(0.5));
        assertThat(use.inFlight()).as("seed %d", seed).isEqualTo(expected.use().inFlight());
        assertThat(use.money()).as("seed %d", seed).isEqualTo(expected.use().money());
        if (expected instanceof QuotaDecision.Exceeded(_, QuotaDecision.What what, long wait)) {
            QuotaDecision.Exceeded exceeded = (QuotaDecision.Exceeded) actual;
            assertThat(exceeded.what()).as("seed %d", seed).isEqualTo(what);
            assertThat(exceeded.waitNanos() / 1e9)
                    .as("seed %d", seed)
                    .isEqualTo(wait / 1e9, within(30.0));
        }
    }

    private QuotaDecision.What what(SharedMeters from, SharedMeters.Claim claim) {
        return ((QuotaDecision.Exceeded) reserve(from, Amount.NONE, claim).getLast()).what();
    }

    private List<QuotaDecision> reserve(
            SharedMeters from, Amount estimate, SharedMeters.Claim... claims) {
        return from.reserve(request(estimate, LEASE, claims));
    }

    private Taken granted(SharedMeters from, Amount estimate, SharedMeters.Claim... claims) {
        SharedMeters.Request request = request(estimate, LEASE, claims);
        List<QuotaDecision> decisions = from.reserve(request);
        assertThat(decisions).hasOnlyElementsOfType(QuotaDecision.Granted.class);
        assertThat(decisions).hasSameSizeAs(request.claims());
        return new Taken(request, decisions);
    }

    private static void settle(SharedMeters at, Taken taken, Amount actual) {
        at.settle(taken.request(), taken.days(), actual);
    }

    private SharedMeters.Request request(
            Amount estimate, long leaseMillis, SharedMeters.Claim... claims) {
        return new SharedMeters.Request(
                "r" + ids.incrementAndGet(), List.of(claims), estimate, leaseMillis);
    }

    private static SharedMeters.Claim claim(String meter, Quota quota) {
        return new SharedMeters.Claim(meter, quota);
    }

    private static Quota quota(
            @org.jspecify.annotations.Nullable Rate requests,
            @org.jspecify.annotations.Nullable Rate tokens,
            @org.jspecify.annotations.Nullable Integer places,
            @org.jspecify.annotations.Nullable Budget budget) {
        return new Quota(
                Optional.ofNullable(requests),
                Optional.ofNullable(tokens),
                Optional.ofNullable(places),
                Optional.ofNullable(budget));
    }

    private record Taken(SharedMeters.Request request, List<QuotaDecision> decisions) {
        List<Long> days() {
            return decisions.stream().map(d -> d.use().money().day()).toList();
        }

        Quota.Use left() {
            return decisions.getLast().use();
        }
    }
}
