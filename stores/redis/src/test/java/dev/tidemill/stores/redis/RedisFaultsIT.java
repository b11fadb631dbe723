package dev.tidemill.stores.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidemill.common.TidemillException;
import dev.tidemill.limits.Amount;
import dev.tidemill.limits.Budget;
import dev.tidemill.limits.Quota;
import dev.tidemill.limits.QuotaDecision;
import dev.tidemill.limits.Rate;
import dev.tidemill.limits.SharedMeters;
import dev.tidemill.testkit.RealRedis;
import dev.tidemill.testkit.TroubledLine;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A Redis that is not there, not any more, slow, flapping, forgetful, or whose clock jumps.
final class RedisFaultsIT {
    private static final Duration NEVER = Duration.ofMinutes(5);
    private static final String KEY = "tidemill:{faults}:m";
    private static final Quota QUOTA =
            new Quota(
                    Optional.of(new Rate(60_000, 5)),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(new Budget(1000, ZoneOffset.UTC)));

    @TempDir private Path folder = Path.of("");
    private RealRedis redis;
    private TroubledLine line;
    private RedisMeters meters;
    private int requests;

    @BeforeEach
    void start() throws IOException {
        redis = RealRedis.start(folder);
        line = TroubledLine.to(redis.port());
        meters = meters(Duration.ofMillis(500));
    }

    @AfterEach
    void stop() {
        if (redis != null) {
            meters.close();
            line.close();
            redis.close();
        }
    }

    @Test
    void one_that_is_not_there_at_the_start_is_taken_when_it_comes() throws Exception {
        redis.kill();
        assertThatThrownBy(meters::check)
                .isInstanceOf(TidemillException.class)
                .hasMessageContaining("no connection");
        assertThatThrownBy(this::reserve).hasMessageContaining("no connection");

        redis.startAgain();
        await().ignoreExceptions().untilAsserted(meters::check);
        assertThat(reserve()).isInstanceOf(QuotaDecision.Granted.class);
    }

    @Test
    void one_that_is_killed_is_lost_at_once_and_taken_again_by_itself() throws Exception {
        meters.check();
        reserve();
        redis.kill();
        await().ignoreExceptions()
                .untilAsserted(() ->
                        assertThatThrownBy(this::reserve).isInstanceOf(TidemillException.class));
        long began = System.nanoTime();
        assertThatThrownBy(this::reserve).isInstanceOf(TidemillException.class);
        assertThat(System.nanoTime() - began).isLessThan(Duration.ofMillis(400).toNanos());

        redis.startAgain();
        await().ignoreExceptions().untilAsserted(meters::check);
        assertThat(reserve()).isInstanceOf(QuotaDecision.Granted.class);
    }

    @Test
    void what_a_slow_one_took_in_vain_is_given_back() throws Exception {
        meters.close();
        meters = meters(Duration.ofMillis(100));
        await().ignoreExceptions().untilAsserted(meters::check);
        redis.pause();
        assertThatThrownBy(() -> spend(900)).hasMessageContaining("no answer within 100 ms");
        redis.goOn();

        await().ignoreExceptions()
                .untilAsserted(
                        () -> assertThat(redis.command("HGET", KEY, "spent")).isNotEqualTo("$-1"));
        await().ignoreExceptions()
                .untilAsserted(
                        () -> assertThat(spend(1000)).isInstanceOf(QuotaDecision.Granted.class));
    }

    @Test
    void a_settle_whose_answer_is_lost_counts_once() throws Exception {
        meters.check();
        SharedMeters.Request request = request(900);
        List<QuotaDecision> granted = meters.reserve(request);
        List<Long> days = granted.stream().map(decision -> decision.use().money().day()).toList();
        line.slow(NEVER);
        FutureTask<Boolean> lost = inBackground(() -> settle(request, days, 100));
        await().untilAsserted(() -> assertThat(spent()).isEqualTo("100"));
        cutAndMend();
        assertThat(lost.get()).isFalse();

        assertThat(settle(request, days, 100)).isTrue();
        assertThat(spent()).isEqualTo("100");
    }

    @Test
    void what_was_taken_while_the_line_was_cut_is_given_back_once() throws Exception {
        meters.check();
        line.slow(NEVER);
        FutureTask<Boolean> lost =
                inBackground(() -> {
                    spend(900);
                    return true;
                });
        await().untilAsserted(() -> assertThat(spent()).isEqualTo("900"));
        cutAndMend();
        assertThatThrownBy(lost::get).hasCauseInstanceOf(TidemillException.class);

        await().untilAsserted(() -> assertThat(spent()).isEqualTo("0"));
        assertThat(spend(1000)).isInstanceOf(QuotaDecision.Granted.class);
    }

    private void cutAndMend() {
        line.cut();
        line.slow(Duration.ZERO);
        line.mend();
        await().ignoreExceptions().untilAsserted(meters::check);
    }

    private static FutureTask<Boolean> inBackground(Callable<Boolean> work) {
        FutureTask<Boolean> task = new FutureTask<>(work);
        Thread.ofVirtual().start(task);
        return task;
    }

    private String spent() throws IOException {
        String script = "return tonumber(redis.call('HGET', KEYS[1], 'spent') or -1)";
        return redis.command("EVAL", script, "1", KEY).substring(1);
    }

    private boolean settle(SharedMeters.Request request, List<Long> days, long billionths) {
        try {
            meters.settle(request, days, new Amount(0, billionths));
            return true;
        } catch (TidemillException e) {
            return false;
        }
    }

    @Test
    void a_slow_line_is_no_answer() throws Exception {
        meters.check();
        line.slow(Duration.ofSeconds(2));
        assertThatThrownBy(meters::check).hasMessageContaining("no answer within 500 ms");
        line.slow(Duration.ZERO);
        await().ignoreExceptions().untilAsserted(meters::check);
    }

    @Test
    void a_line_that_is_cut_again_and_again_is_taken_again_and_again() throws Exception {
        meters.check();
        for (int i = 0; i < 3; i++) {
            line.cut();
            await().ignoreExceptions()
                    .untilAsserted(() ->
                            assertThatThrownBy(this::reserve)
                                    .isInstanceOf(TidemillException.class));
            line.mend();
            await().ignoreExceptions().untilAsserted(meters::check);
            assertThat(reserve()).isInstanceOf(QuotaDecision.class);
        }
    }

    @Test
    void one_that_forgot_its_scripts_is_told_again() throws Exception {
        meters.check();
        reserve();
        assertThat(redis.command("SCRIPT", "FLUSH")).isEqualTo("+OK");
        assertThat(reserve()).isInstanceOf(QuotaDecision.Granted.class);
        assertThat(redis.command("FLUSHALL")).isEqualTo("+OK");
        assertThat(reserve()).isInstanceOf(QuotaDecision.Granted.class);
    }

    @Test
    void a_clock_that_went_back_holds_nobody_up_and_opens_no_other_day() throws Exception {
        meters.check();
        reserve();
        // What was written at a time that is still to come.
        redis.command(
                "HSET", KEY, "at", "4000000000000000", "r", "0", "day", "40000", "spent", "990");
        assertThat(reserve()).isInstanceOf(QuotaDecision.Exceeded.class);
        assertThat(spend(11))
                .isInstanceOfSatisfying(
                        QuotaDecision.Exceeded.class,
                        exceeded -> {
                            assertThat(exceeded.use().money().day()).isLessThan(40_000);
                            assertThat(exceeded.use().money().spent()).isEqualTo(990);
                        });
        redis.command("HSET", KEY, "at", "4000000000000000", "r", "1");
        assertThat(reserve()).isInstanceOf(QuotaDecision.Granted.class);
        await().ignoreExceptions()
                .untilAsserted(
                        () -> assertThat(reserve()).isInstanceOf(QuotaDecision.Granted.class));
    }

    @Test
    void everything_it_keeps_ends_by_itself() throws Exception {
        meters.check();
        reserve();
        for (String key : List.of(KEY)) {
            assertThat(redis.command("TTL", key)).isNotEqualTo(":-1").isNotEqualTo(":-2");
        }
    }

    @Test
    void addresses_hold_no_secrets() {
        assertThat(RedisAddress.isValid(URI.create("redis://u:p@h:1"))).isFalse();
        assertThat(RedisAddress.isValid(URI.create("http://h:1"))).isFalse();
        assertThat(RedisAddress.isValid(URI.create("rediss://h/15"))).isTrue();
    }

    private RedisMeters meters(Duration timeout) {
        return new RedisMeters(
                new RedisAddress(
                        URI.create("redis://127.0.0.1:" + line.port()),
                        Optional.empty(),
                        Optional.empty(),
                        timeout),
                "faults");
    }

    private QuotaDecision reserve() {
        return spend(0);
    }

    private QuotaDecision spend(long billionths) {
        return meters.reserve(request(billionths)).getLast();
    }

    private SharedMeters.Request request(long billionths) {
        return new SharedMeters.Request(
                "r" + requests++,
                List.of(new SharedMeters.Claim("m", QUOTA)),
                new Amount(0, billionths),
                60_000);
    }
}
