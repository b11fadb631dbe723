package dev.tidemill.http;

import static dev.tidemill.http.MetricName.histogram;

import dev.tidemill.http.tracing.Tracing;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerResponse;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/// A process's metrics, shown at `GET /metrics` in Prometheus' text format. Looking a meter up
/// costs more than using it: keep what [#timer] and [#counter] return.
public final class Metrics implements RouteSet, AutoCloseable {
    /// Upper bounds of every histogram of times here, in microseconds. Close to one another where a
    /// small model is answered, below a millisecond: there a median must be told to 10 us.
    private static final long[] BUCKET_MICROS = {
        25,
        35,
        50,
        60,
        70,
        85,
        100,
        125,
        150,
        200,
        250,
        350,
        500,
        700,
        1_000,
        1_500,
        2_500,
        5_000,
        10_000,
        25_000,
        50_000,
        100_000,
        250_000,
        500_000,
        1_000_000,
        2_500_000,
        5_000_000,
        10_000_000
    };

    static final List<Duration> BUCKETS =
            LongStream.of(BUCKET_MICROS)
                    .mapToObj(micros -> Duration.ofNanos(1_000 * micros))
                    .toList();

    static final MetricName REQUESTS =
            histogram(
                    "tidemill_http_request_seconds",
                    "Time from a request's first line to the end of its answer; status 0 means that"
                            + " the answer was cut off.",
                    "route",
                    "method",
                    "status");
    static final MetricName IN_FLIGHT =
            MetricName.gauge("tidemill_http_in_flight", "Requests that have begun and not ended.");
    static final MetricName HEAP =
            MetricName.gauge("tidemill_heap_used_bytes", "Java heap in use, garbage included.");
    static final MetricName CPU =
            MetricName.gauge("process_cpu_seconds", "Processor time that the process has used.");

    static final MetricName SPANS =
            MetricName.counter(
                    "tidemill_trace_spans_total",
                    "Spans that have ended, where traces are on; result is sent, dropped (no room, or the"
                            + " process ended) or failed (the collector did not take them).",
                    "result");
    static final MetricName SPANS_WAITING =
            MetricName.gauge(
                    "tidemill_trace_spans_waiting",
                    "Spans that have ended and are not sent yet, where traces are on.");

    /// Every metric of this module.
    public static final List<MetricName> NAMES =
            List.of(REQUESTS, IN_FLIGHT, HEAP, CPU, SPANS, SPANS_WAITING);

    private static final Set<String> METHODS =
            Set.of("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH");

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final MeterOwners owners = new MeterOwners();
    private final List<Supplier<String>> more = new CopyOnWriteArrayList<>();

    /// The registry itself holds them weakly: after a collection a count would stand still.
    private final List<DoubleSupplier> counts = new CopyOnWriteArrayList<>();

    private final Map<RequestKey, Timer> requests = new ConcurrentHashMap<>();

    public Metrics() {
        gauge(HEAP, () -> Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        gauge(CPU, Metrics::cpuSeconds);
    }

    /// A histogram for one combination of label values.
    public Timer timer(MetricName name, String... values) {
        return timer(name, BUCKETS, values);
    }

    /// A histogram with upper bounds of its own.
    public Timer timer(MetricName name, List<Duration> bounds, String... values) {
        return Timer.builder(name.name())
                .description(name.help())
                .tags(tags(name, values))
                .serviceLevelObjectives(bounds.toArray(Duration[]::new))
                .register(registry);
    }

    /// A histogram of counts with upper bounds of its own.
    public DistributionSummary counts(MetricName name, List<Double> bounds, String... values) {
        return DistributionSummary.builder(name.name())
                .description(name.help())
                .tags(tags(name, values))
                .serviceLevelObjectives(bounds.stream().mapToDouble(b -> b).toArray())
                .register(registry);
    }

    /// A histogram of counts, with the powers of two up to 1,024 as upper bounds.
    public DistributionSummary sizes(MetricName name, String... values) {
        return DistributionSummary.builder(name.name())
                .description(name.help())
                .tags(tags(name, values))
                .serviceLevelObjectives(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)
                .register(registry);
    }

    public Counter counter(MetricName name, String... values) {
        return Counter.builder(name.name())
                .description(name.help())
                .tags(tags(name, values))
                .register(registry);
    }

    /// Shows a count that is kept elsewhere and never falls.
    public void counted(MetricName name, DoubleSupplier count, String... values) {
        counts.add(count);
        FunctionCounter.builder(name.name(), count, DoubleSupplier::getAsDouble)
                .description(name.help())
                .tags(tags(name, values))
                .register(registry);
    }

    /// Shows what `value` gives whenever someone looks.
    public void gauge(MetricName name, DoubleSupplier value, String... values) {
        var _ = shown(name, value, values);
    }

    /// The same of something that comes and goes ([#hold]): instead of one of the same name and
    /// labels, which is about what was there before.
    public Gauge gaugeOf(MetricName name, DoubleSupplier value, String... values) {
        Gauge before = registry.find(name.name()).tags(tags(name, values)).gauge();
        if (before != null) {
            var _ = registry.remove(before);
        }
        return shown(name, value, values);
    }

    private Gauge shown(MetricName name, DoubleSupplier value, String... values) {
        return Gauge.builder(name.name(), value, DoubleSupplier::getAsDouble)
                .description(name.help())
                .tags(tags(name, values))
                .strongReference(true)
                .register(registry);
    }

    /// Removes every combination of a metric whose first label has this value: a replica or model
    /// that is gone.
    public void forget(MetricName name, String firstValue) {
        String label = name.labels().getFirst();
        registry.getMeters().stream()
                .filter(meter -> meter.getId().getName().equals(name.name()))
                .filter(meter -> firstValue.equals(meter.getId().getTag(label)))
                .forEach(registry::remove);
    }

    /// Says that meters belong to something that comes and goes, such as a version of a model. What
    /// comes back under the same name counts on with the same ones.
    ///
    /// @param owner its name; each call needs a [#release] of its own
    public void hold(String owner, Meter... meters) {
        owners.hold(owner, List.of(meters));
    }

    /// Says that it is gone. Its meters are shown on, because what they counted last has not been
    /// scraped yet and would be missing from every sum; they go when [MeterOwners#KEPT] others have
    /// gone after it, so that their number stays bounded.
    public void release(String owner) {
        owners.release(owner).forEach(registry::remove);
    }

    @Override
    public void register(Routes routes) {
        routes.get("/metrics", (_, response) -> scrape(response))
                .get("/actuator/prometheus", (_, response) -> scrape(response));
    }

    /// Shows what becomes of the process's spans.
    void show(Tracing tracing) {
        counted(SPANS, () -> tracing.counts().sent(), "sent");
        counted(SPANS, () -> tracing.counts().dropped(), "dropped");
        counted(SPANS, () -> tracing.counts().failed(), "failed");
        gauge(SPANS_WAITING, () -> tracing.counts().waiting());
    }

    private void scrape(ServerResponse response) {
        response.header(HeaderNames.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");
        Bodies.sendBytes(response, scrape());
    }

    public byte[] scrape() {
        StringBuilder text = new StringBuilder(registry.scrape());
        more.forEach(source -> text.append(source.get()));
        return text.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    /// Shows metrics that are counted elsewhere, too.
    ///
    /// @param source gives lines in Prometheus' text format, with names that are not ours
    public void also(Supplier<String> source) {
        more.add(source);
    }

    @Override
    public void close() {
        registry.close();
    }

    /// @param route template, empty when none matched
    void request(String route, String method, int status, long nanos) {
        RequestKey key =
                new RequestKey(
                        route.isEmpty() ? "none" : route,
                        METHODS.contains(method) ? method : "OTHER",
                        status);
        Timer timer = requests.get(key);
        if (timer == null) {
            timer =
                    requests.computeIfAbsent(
                            key,
                            k ->
                                    timer(
                                            REQUESTS,
                                            k.route(),
                                            k.method(),
                                            String.valueOf(k.status())));
        }
        timer.record(nanos, TimeUnit.NANOSECONDS);
    }

    private static double cpuSeconds() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(used -> used.toMillis() / 1000.0)
                .orElse(Double.NaN);
    }

    private static Tags tags(MetricName name, String... values) {
        if (values.length != name.labels().size()) {
            throw new IllegalArgumentException(
                    "metric %s: '%d' label values (expected: %d)"
                            .formatted(name.name(), values.length, name.labels().size()));
        }
        List<Tag> tags = new ArrayList<>(values.length);
        for (int i = 0; i < values.length; i++) {
            tags.add(Tag.of(name.labels().get(i), values[i]));
        }
        return Tags.of(tags);
    }

    private record RequestKey(String route, String method, int status) {}
}
