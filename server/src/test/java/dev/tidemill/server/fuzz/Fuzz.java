package dev.tidemill.server.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Makes inputs by number, so that each can be made again, hands them to several workers, and
/// watches: that every answer is right, that none takes long, that no memory is kept, and that
/// enough inputs get far enough to mean something.
///
/// `-Dtidemill.fuzz=1000000` for more of them, `-Dtidemill.seed=N` for the same ones again,
/// `-Dtidemill.fuzz.only=I` for one of them, which is then in the test's `-output.txt`.
///
/// @param parser name for people
/// @param inputs made of a random number each; their `toString` is shown when something is wrong
/// @param takers one for each worker
/// @param atLeast what makes the run worth something
public record Fuzz<T>(
        String parser,
        Inputs<T> inputs,
        Supplier<? extends Taker<T>> takers,
        int workers,
        AtLeast atLeast) {
    static final int DEFAULT_INPUTS = 1_500;

    private static final long SEED = Long.getLong("tidemill.seed", 20_261_121);
    private static final int ONLY = Integer.getInteger("tidemill.fuzz.only", -1);

    /// Of any single input, on a machine that does other things too.
    private static final long HANG_NANOS = 10_000_000_000L;

    /// What may stay in memory after all of them.
    private static final long MAX_GROWTH = 16L << 20;

    /// Makes inputs.
    @FunctionalInterface
    public interface Inputs<T> {
        T of(SplittableRandom random);
    }

    /// Takes one input after the other.
    @FunctionalInterface
    public interface Taker<T> extends AutoCloseable {
        Answer take(T input) throws Exception;

        @Override
        default void close() {}
    }

    /// What the inputs must reach: a fuzzer whose inputs are all thrown away at the door finds
    /// nothing.
    ///
    /// @param accepted share of inputs
    /// @param past share of inputs that are accepted, or refused after the first look
    /// @param reasons different ones for which inputs were refused
    public record AtLeast(double accepted, double past, int reasons) {}

    /// How many inputs a run has, unless it is told otherwise.
    public static int count() {
        return Integer.getInteger("tidemill.fuzz", DEFAULT_INPUTS);
    }

    public void run() throws InterruptedException {
        run(count());
    }

    /// @param count of inputs
    public void run(int count) throws InterruptedException {
        if (ONLY >= 0) {
            alone();
            return;
        }
        Tally tally = new Tally();
        long begin = System.nanoTime();
        int warm = Math.min(50_000, count / 5);
        round(0, warm, tally);
        long before = Memory.used();
        round(warm, count, tally);
        long after = Memory.used();
        double seconds = (System.nanoTime() - begin) / 1e9;
        Report report = new Report(parser, count, SEED, tally, before, after, seconds);
        report.publish();
        assertThat(after - before).as("bytes that stayed").isLessThan(MAX_GROWTH);
        assertThat(report.accepted()).as("share accepted").isGreaterThan(atLeast.accepted());
        assertThat(report.past()).as("share past the first look").isGreaterThan(atLeast.past());
        assertThat(tally.reasons()).as("reasons").hasSizeGreaterThanOrEqualTo(atLeast.reasons());
    }

    private void alone() {
        T input = input(ONLY);
        System.out.println(input);
        try (Taker<T> taker = takers.get()) {
            System.out.println(taker.take(input));
        } catch (Exception e) {
            throw new AssertionError(describe(ONLY), e);
        }
    }

    private void round(int from, int to, Tally tally) throws InterruptedException {
        AtomicInteger next = new AtomicInteger(from);
        AtomicReference<@Nullable AssertionError> failure = new AtomicReference<>();
        List<Worker> all = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            Worker worker = new Worker(next, to, tally, failure);
            worker.thread = Thread.ofPlatform().daemon().name("fuzz-" + i).start(worker);
            all.add(worker);
        }
        for (Worker worker : all) {
            while (worker.thread.isAlive()) {
                worker.thread.join(1_000);
                all.stream()
                        .flatMap(each -> each.hanging().stream())
                        .forEach(hang -> {
                            throw hang;
                        });
            }
        }
        AssertionError failed = failure.get();
        if (failed != null) {
            throw failed;
        }
    }

    private T input(int index) {
        return inputs.of(new SplittableRandom(SEED * 1_000_003 + index));
    }

    private String describe(int index) {
        return "%s, seed %d, input %d (again with -Dtidemill.seed=%d -Dtidemill.fuzz.only=%d): %s"
                .formatted(parser, SEED, index, SEED, index, input(index));
    }

    private final class Worker implements Runnable {
        private final AtomicInteger next;
        private final int end;
        private final Tally tally;
        private final AtomicReference<@Nullable AssertionError> failure;
        private volatile int current = -1;
        private volatile long since;
        private Thread thread = Thread.currentThread();

        Worker(
                AtomicInteger next,
                int end,
                Tally tally,
                AtomicReference<@Nullable AssertionError> failure) {
            this.next = next;
            this.end = end;
            this.tally = tally;
            this.failure = failure;
        }

        @Override
        public void run() {
            try (Taker<T> taker = takers.get()) {
                for (int i = next.getAndIncrement();
                        i < end && failure.get() == null;
                        i = next.getAndIncrement()) {
                    one(taker, i);
                }
            } catch (RuntimeException e) {
                failure.compareAndSet(null, new AssertionError(parser, e));
            }
        }

        private void one(Taker<T> taker, int index) {
            T input = input(index);
            since = System.nanoTime();
            current = index;
            try {
                Answer answer = taker.take(input);
                tally.add(answer, System.nanoTime() - since);
                if (answer instanceof Answer.Wrong(String what)) {
                    failure.compareAndSet(null, new AssertionError(what + ": " + describe(index)));
                }
            } catch (Exception | StackOverflowError | OutOfMemoryError | AssertionError e) {
                failure.compareAndSet(null, new AssertionError(describe(index), e));
            } finally {
                current = -1;
            }
        }

        Optional<AssertionError> hanging() {
            int index = current;
            if (index < 0 || System.nanoTime() - since < HANG_NANOS) {
                return Optional.empty();
            }
            AssertionError error = new AssertionError("hangs: " + describe(index));
            error.setStackTrace(thread.getStackTrace());
            return Optional.of(error);
        }
    }
}
