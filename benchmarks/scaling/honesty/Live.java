import dev.tidemill.autoscale.BackgroundSource;
import dev.tidemill.autoscale.Measures;
import dev.tidemill.autoscale.ReplicaSource;
import dev.tidemill.autoscale.Scaler;
import dev.tidemill.autoscale.ScalingTarget;
import dev.tidemill.autoscale.SignalSource;
import dev.tidemill.autoscale.TrafficMeter;
import dev.tidemill.client.gateway.GatewayAdminClient;
import dev.tidemill.client.gateway.TrafficCounters;
import dev.tidemill.rehearsal.MinuteTrace;
import dev.tidemill.rehearsal.Service;
import dev.tidemill.scaling.Policy;
import dev.tidemill.scaling.Signal;
import dev.tidemill.scaling.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import tools.jackson.databind.json.JsonMapper;

/// One policy, live: a gateway, replicas, the live loop and a load, all of them SCALE times as fast as
/// the policy believes. The loop looks every second of the trace, as the rehearsal by slots does, and
/// the load is the trace as it was recorded: each minute's count, at random moments of that minute.
final class Live implements AutoCloseable {
    private static final long LOOK_MILLIS = 1_000;
    private static final int FIRST = 2;
    private static final int WARM = 20;

    private final Policy policy;
    private final Service service;
    private final double scale;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Processes processes;
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong late = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong inFlight = new AtomicLong();
    private final PrintWriter decisions;
    private final Terms terms;
    private int missed;
    private double replicaMillis;
    private long paidUntil;
    private int orders;

    record Result(long requests, double lateShare, long failed, double replicaHours, int orders, int missedLooks) {}

    /// @param decisions file that gets a line for each order and each minute, with what was seen
    /// @param terms is told of every decision
    Live(Policy policy, Service service, double scale, double spread, Path decisions, Terms terms) throws Exception {
        this.terms = terms;
        this.decisions = new PrintWriter(Files.newBufferedWriter(decisions));
        this.policy = policy;
        this.service = service;
        this.scale = scale;
        this.processes = new Processes(service, scale, spread);
    }

    Result run(MinuteTrace trace, long seed) throws Exception {
        processes.begin(FIRST);
        URI admin = processes.admin();
        GatewayAdminClient gateway = new GatewayAdminClient(http, JsonMapper.shared(), admin);
        double limit = service.waitLimit().plus(service.slotTime()).toNanos() / 1e9;
        TrafficMeter meter = new TrafficMeter(() -> faster(gateway.counters()), _ -> limit);
        // At this pace the first use of a client takes seconds of the trace: that is no part of it.
        for (int i = 0; i < WARM; i++) {
            exchange();
            meter.read();
        }
        long start = System.nanoTime();
        LongSupplier traceNanos = () -> (long) ((System.nanoTime() - start) * scale);
        // As often as the machine bears; live it is once a second.
        SignalSource servers = new BackgroundSource(
                new ReplicaSource(http, () -> Map.of("m", processes.addresses()), traceNanos),
                Duration.ofSeconds(4), Duration.ofSeconds(20), traceNanos);
        paidUntil = 0;
        Scaler scaler = new Scaler(
                new Fleet(), policy,
                () -> Instant.ofEpochMilli(trace.startMillis() + traceMillis(start)),
                traceNanos,
                _ -> {});
        Thread load = Thread.ofPlatform().start(() -> send(trace, seed, start));
        long end = trace.minutes() * 60_000L;
        meter.read();
        for (long look = LOOK_MILLIS; look <= end; look = next(look, start)) {
            until(start, look);
            pay(Math.min(end, traceMillis(start)));
            Measures seen = meter.read().getOrDefault("m", Measures.NONE)
                    .and(servers.read().getOrDefault("m", Measures.NONE));
            Verdict verdict = scaler.tick(seen.and(Measures.of(Map.of(Signal.SLOT_SECONDS, service.slotTime().toNanos() / 1e9))));
            terms.decided(verdict);
            if (verdict.changes() || look % 60_000 == 0) {
                decisions.printf("%d s: %d ordered, %d ready -> %d %s %s | %s | %s%n", look / 1000, verdict.seen().ordered(), verdict.seen().ready(),
                        verdict.replicas(), verdict.limits(), verdict.reason(), verdict.seen().present(), verdict.account().figures());
            }
        }
        pay(end);
        load.join();
        long patience = System.nanoTime() + 30_000_000_000L;
        while (inFlight.get() > 0 && System.nanoTime() < patience) {
            LockSupport.parkNanos(10_000_000);
        }
        return new Result(requests.get(), (double) late.get() / requests.get(), failed.get(), replicaMillis / 3_600_000, orders, missed);
    }

    /// The next look that has not passed: a loop that was held up looks once for all that it missed.
    private long next(long look, long start) {
        long next = Math.max(look, traceMillis(start) / LOOK_MILLIS * LOOK_MILLIS) + LOOK_MILLIS;
        missed += (int) (next - look) / (int) LOOK_MILLIS - 1;
        return next;
    }

    /// Each minute's requests, no more and no fewer, at random moments.
    private void send(MinuteTrace trace, long seed, long start) {
        Random random = new Random(seed * 31 + policy.name().hashCode());
        for (int minute = 0; minute < trace.minutes(); minute++) {
            long begins = minute * 60_000L;
            long[] moments = random.longs(Math.round(trace.count(minute)), begins, begins + 60_000).sorted().toArray();
            for (long moment : moments) {
                until(start, moment);
                Thread.ofVirtual().start(this::one);
            }
        }
    }

    private void one() {
        requests.incrementAndGet();
        inFlight.incrementAndGet();
        long began = System.nanoTime();
        boolean good = false;
        double worked = 0;
        try {
            HttpResponse<String> answer = exchange();
            good = answer.statusCode() == 200;
            if (good) {
                worked = Long.parseLong(answer.body().replaceAll("\\D", "")) / 1e9 * scale;
            }
        } catch (Exception _) {
            // Counted below.
        }
        inFlight.decrementAndGet();
        double seconds = (System.nanoTime() - began) / 1e9 * scale;
        if (!good) {
            failed.incrementAndGet();
        }
        if (!good || seconds - worked > service.limitSeconds()) {
            late.incrementAndGet();
        }
    }

    private HttpResponse<String> exchange() throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(processes.main().resolve("/v2/models/m/infer"))
                        .timeout(Duration.ofSeconds(60))
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private long traceMillis(long start) {
        return (long) ((System.nanoTime() - start) / 1e6 * scale);
    }

    private void until(long start, long traceMillis) {
        long left;
        while ((left = (long) (start + traceMillis * 1e6 / scale - System.nanoTime())) > 0) {
            LockSupport.parkNanos(left);
        }
    }

    private void pay(long now) {
        replicaMillis += (double) (now - paidUntil) * processes.ordered();
        paidUntil = now;
    }

    /// What a gateway would count whose clock ran as fast as the trace.
    private TrafficCounters faster(TrafficCounters seen) {
        return new TrafficCounters(
                (long) (seen.atNanos() * scale),
                seen.bucketUpperNanos().stream().map(bound -> (long) (bound * scale)).toList(),
                seen.models().stream()
                        .map(m -> new TrafficCounters.ModelCounters(
                                m.name(), m.pool(), m.requests(), m.failures(), m.inFlight(),
                                (long) (m.inFlightNanos() * scale), m.waiting(), m.latencyBuckets()))
                        .toList());
    }

    @Override
    public void close() {
        decisions.close();
        processes.close();
    }

    private final class Fleet implements ScalingTarget {
        @Override
        public String name() {
            return "m";
        }

        @Override
        public int replicas() {
            return processes.ordered();
        }

        @Override
        public int ready() {
            return processes.ready();
        }

        @Override
        public double startSeconds() {
            return processes.startSeconds();
        }

        @Override
        public void order(int replicas, String reason) {
            orders++;
            processes.order(replicas);
        }
    }
}
