package dev.tidemill.http.tracing;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.opentelemetry.sdk.autoconfigure.spi.traces.ConfigurableSpanExporterProvider;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.resources.ResourceBuilder;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Records spans with OpenTelemetry's SDK, which the environment's variables configure, and sends
/// them over OTLP.
final class LiveTracing implements Tracing {
    private static final System.Logger LOGGER = System.getLogger(LiveTracing.class.getName());
    private static final String SCOPE = "dev.tidemill";
    private static final AttributeKey<String> NAME = AttributeKey.stringKey("service.name");

    /// What a process may take longer to end because of its spans.
    private static final Duration FLUSH = Duration.ofSeconds(2);

    private static final TextMapGetter<Headers> GETTER = new Getter();

    private final OpenTelemetrySdk sdk;
    private final Tracer tracer;
    private final SpanQueue queue;
    private final Clocks clocks;

    private LiveTracing(OpenTelemetrySdk sdk, SpanQueue queue, Clocks clocks) {
        this.sdk = sdk;
        this.tracer = sdk.getTracer(SCOPE);
        this.queue = queue;
        this.clocks = clocks;
    }

    static Tracing start(Service service, TracingSettings settings, Clocks clocks) {
        try {
            AtomicReference<SpanQueue> queue = new AtomicReference<>();
            OpenTelemetrySdk sdk =
                    AutoConfiguredOpenTelemetrySdk.builder()
                            .disableShutdownHook()
                            .addPropertiesCustomizer(_ -> settings.properties())
                            .addResourceCustomizer((found, _) -> resource(found, service))
                            .addTracerProviderCustomizer((provider, config) -> {
                                SpanQueue made = new SpanQueue(exporter(config), limits(config));
                                queue.set(made);
                                return provider.addSpanProcessor(made);
                            })
                            .build()
                            .getOpenTelemetrySdk();
            SpanQueue made = queue.get();
            made.start();
            return new LiveTracing(sdk, made, clocks);
        } catch (RuntimeException e) {
            LOGGER.log(System.Logger.Level.ERROR, "no traces are recorded: " + e.getMessage());
            return OFF;
        }
    }

    /// What the environment says goes before what we know ourselves.
    private static Resource resource(Resource found, Service service) {
        ResourceBuilder ours = Resource.builder().put("service.instance.id", service.instance());
        if (!service.version().isEmpty()) {
            ours.put("service.version", service.version());
        }
        Resource merged = ours.build().merge(found);
        boolean named = !String.valueOf(found.getAttribute(NAME)).startsWith("unknown_service");
        return named ? merged : merged.merge(Resource.builder().put(NAME, service.name()).build());
    }

    private static SpanExporter exporter(ConfigProperties config) {
        for (ConfigurableSpanExporterProvider provider :
                ServiceLoader.load(ConfigurableSpanExporterProvider.class)) {
            if (provider.getName().equals("otlp")) {
                return provider.createExporter(config);
            }
        }
        throw new IllegalStateException("exporter: 'none' (expected: the one for OTLP)");
    }

    private static SpanQueue.Limits limits(ConfigProperties config) {
        int queue = config.getInt("otel.bsp.max.queue.size", 2048);
        return new SpanQueue.Limits(
                queue,
                Math.min(queue, config.getInt("otel.bsp.max.export.batch.size", 512)),
                config.getDuration("otel.bsp.schedule.delay", Duration.ofSeconds(5)),
                config.getDuration("otel.bsp.export.timeout", Duration.ofSeconds(30)));
    }

    @Override
    public boolean isOn() {
        return true;
    }

    @Override
    public Span request(String name, Headers headers) {
        long begin = clocks.nanos().getAsLong();
        Context parent =
                W3CTraceContextPropagator.getInstance().extract(Context.root(), headers, GETTER);
        LiveSpan.Origin origin = new LiveSpan.Origin(tracer, clocks.nanos(), sinceEpoch() - begin);
        return LiveSpan.server(origin, name, parent, begin);
    }

    private long sinceEpoch() {
        Instant now = clocks.time().instant();
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    }

    @Override
    public Counts counts() {
        return queue.counts();
    }

    @Override
    public void close() {
        queue.close(FLUSH);
        sdk.close();
    }

    /// A header that was sent twice may be one that somebody smuggled in: it counts as none. The
    /// list of `tracestate` may come in several lines.
    private static final class Getter implements TextMapGetter<Headers> {
        @Override
        public Iterable<String> keys(Headers headers) {
            return List.of("traceparent", "tracestate");
        }

        @Override
        public @Nullable String get(@Nullable Headers headers, String key) {
            List<String> values = headers == null ? List.of() : headers.all(key);
            return switch (values.size()) {
                case 0 -> null;
                case 1 -> values.getFirst();
                default -> key.equals("tracestate") ? String.join(",", values) : null;
            };
        }
    }
}
