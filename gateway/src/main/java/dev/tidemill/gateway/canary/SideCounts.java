package dev.tidemill.gateway.canary;

import dev.tidemill.routing.canary.Evidence;
import dev.tidemill.routing.canary.Latencies;
import io.micrometer.core.instrument.Counter;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/// What was seen of one side within one step. Requests are counted where they began, also when they
/// end in a later step. Thread-safe.
public final class SideCounts {
    private final Counter answered;
    private final Counter failed;
    private final LongAdder requests = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final AtomicLongArray latency = new AtomicLongArray(Latencies.BUCKETS);

    SideCounts(Counter answered, Counter failed) {
        this.answered = answered;
        this.failed = failed;
    }

    /// @param nanos to the beginning of the answer, or to the whole of a short one
    public void answered(long nanos) {
        requests.increment();
        answered.increment();
        latency.incrementAndGet(Latencies.bucketOf(nanos));
    }

    /// How long a failure takes says nothing of how long answers take.
    public void failed() {
        requests.increment();
        failures.increment();
        failed.increment();
    }

    /// An answer that had begun well was cut off.
    public void cutOff() {
        failures.increment();
        failed.increment();
    }

    /// The client left before there was an answer, which would have taken longer still.
    public void waitedInVain(long nanos) {
        latency.incrementAndGet(Latencies.bucketOf(nanos));
    }

    Evidence evidence() {
        // In this order: a request is counted before its failure.
        long bad = failures.sum();
        long all = requests.sum();
        return new Evidence(
                all,
                Math.min(bad, all),
                Latencies.of(
                        IntStream.range(0, Latencies.BUCKETS).mapToLong(latency::get).toArray()));
    }
}
