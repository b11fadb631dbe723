package dev.tidemill.sources.kafka;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidemill.autoscale.Measures;
import dev.tidemill.autoscale.SignalSource;
import dev.tidemill.scaling.Signal;
import dev.tidemill.spec.scaling.MetricSource.Kafka;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;

/// The lag of one consumer group. One thread reads; brokers that are away or slow are silence
/// within its limit, and a line in the log when it begins, when it ends, and every ten minutes.
public final class KafkaLagSource implements SignalSource {
    private static final System.Logger LOG = System.getLogger(KafkaLagSource.class.getName());

    /// Kafka's client says every second that a broker is away. Held, or its level would be lost.
    private static final Logger ITS_OWN_LINES = Logger.getLogger("org.apache.kafka");

    private static final int READ_MILLIS = LIMIT_MILLIS - 300;
    private static final Duration SAID_AGAIN = Duration.ofMinutes(10);

    /// After so many failures in a row a new client is made: with other secrets, other addresses.
    private static final int PATIENCE = 3;

    private final Kafka source;
    private final KafkaSecrets secrets;
    private final List<String> targets;
    private final LongSupplier nanos;
    private final LagCount count;
    private final ReentrantLock lock = new ReentrantLock();
    private int failures;
    private long saidAt;

    @GuardedBy("lock")
    private Optional<Admin> client = Optional.empty();

    @GuardedBy("lock")
    private boolean closed;

    /// @param nanos a monotonic clock
    public KafkaLagSource(
            Kafka source, KafkaSecrets secrets, List<String> targets, LongSupplier nanos) {
        this.source = source;
        this.secrets = secrets;
        this.targets = List.copyOf(targets);
        this.nanos = nanos;
        this.count = new LagCount(source.lag());
        ITS_OWN_LINES.setLevel(Level.OFF);
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public Map<String, Measures> read() {
        try {
            Admin admin = client();
            LagCount.Sum sum =
                    count.of(
                            new LagReader(admin, nanos, READ_MILLIS).read(source.lag()),
                            nanos.getAsLong());
            succeeded();
            Measures measures = measures(sum);
            return targets.stream()
                    .distinct()
                    .collect(Collectors.toMap(target -> target, _ -> measures));
        } catch (TimeoutException _) {
            failed("no answer within %d ms".formatted(READ_MILLIS), false);
        } catch (ExecutionException | KafkaException | IOException e) {
            failed(reason(e), root(e) instanceof AuthenticationException);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Map.of();
    }

    private Measures measures(LagCount.Sum sum) {
        Map<Signal, Double> signals =
                source.signal()
                        .map(signal -> Map.of(signal, sum.lag() / source.scale()))
                        .orElse(Map.of());
        Map<String, Double> named = new HashMap<>();
        named.put(source.name(), sum.lag());
        if (source.lag().bound().isPresent() || source.lag().stuckAfter().isPresent()) {
            named.put(Kafka.whole(source.name()), sum.whole());
        }
        return new Measures(signals, named);
    }

    private Admin client() throws IOException {
        lock.lock();
        try {
            if (closed) {
                throw new IOException("closed");
            }
            if (client.isEmpty()) {
                String id =
                        "tidemill-%s-%08x".formatted(source.name(), System.identityHashCode(this));
                client =
                        Optional.of(
                                Admin.create(
                                        ClientProperties.of(
                                                source.lag(), secrets, id, READ_MILLIS)));
            }
            return client.get();
        } finally {
            lock.unlock();
        }
    }

    private void succeeded() {
        if (failures > 0) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "source {0}: Kafka at {1} answers again",
                    source.name(),
                    source.lag().servers());
        }
        failures = 0;
    }

    private void failed(String reason, boolean refused) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
        } finally {
            lock.unlock();
        }
        long now = nanos.getAsLong();
        failures++;
        if (failures == 1 || now - saidAt >= SAID_AGAIN.toNanos()) {
            saidAt = now;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "source {0}: lag of group {1} is not known: Kafka at {2}: {3}",
                    source.name(),
                    source.lag().group(),
                    source.lag().servers(),
                    reason);
        }
        if (refused || failures % PATIENCE == 0) {
            dropClient();
        }
    }

    private static Throwable root(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null && !(root instanceof AuthenticationException)) {
            root = root.getCause();
        }
        return root;
    }

    private static String reason(Throwable e) {
        Throwable root = e instanceof IOException ? e : root(e);
        String message = root.getMessage();
        return message == null || message.isBlank() ? root.getClass().getSimpleName() : message;
    }

    private void dropClient() {
        lock.lock();
        try {
            client.ifPresent(admin -> admin.close(Duration.ZERO));
            client = Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        dropClient();
    }
}
