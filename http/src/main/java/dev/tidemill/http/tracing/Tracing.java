package dev.tidemill.http.tracing;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Whether a process records traces, and where its spans go: nowhere unless the environment says
/// otherwise, in OpenTelemetry's words (`docs/tracing.md`).
public sealed interface Tracing extends AutoCloseable permits NoTracing, LiveTracing {
    Tracing OFF = new NoTracing();

    /// Begins to record if the environment asks for it. What it asks for wrongly is logged, and
    /// then the process works without: nobody should be unable to serve because traces are
    /// misconfigured.
    ///
    /// @param environment `OTEL_EXPORTER_OTLP_ENDPOINT` and so on
    static Tracing start(Service service, Map<String, String> environment, Clocks clocks) {
        Optional<TracingSettings> settings = TracingSettings.of(environment);
        return settings.isPresent() ? LiveTracing.start(service, settings.get(), clocks) : OFF;
    }

    /// Who makes the spans.
    ///
    /// @param name unless the environment says another
    /// @param instance which one of several
    /// @param version empty when unknown
    record Service(String name, String instance, String version) {
        /// @param main a class of the process, whose jar knows the version
        public static Service of(String name, String instance, Class<?> main) {
            return new Service(
                    name,
                    instance,
                    Optional.ofNullable(main.getPackage().getImplementationVersion()).orElse(""));
        }
    }

    /// @param time of day
    /// @param nanos monotonic; the one that measured times which become spans
    record Clocks(InstantSource time, LongSupplier nanos) {
        public static final Clocks SYSTEM = new Clocks(InstantSource.system(), System::nanoTime);
    }

    /// The headers that a request came with.
    @FunctionalInterface
    interface Headers {
        /// Its values, one for each time that it was sent.
        ///
        /// @param name in lower case
        List<String> all(String name);
    }

    /// What became of spans since the start.
    ///
    /// @param sent that the collector took
    /// @param dropped for want of room, or because the process ended
    /// @param failed that the collector did not take
    /// @param waiting that are still to be sent
    record Counts(long sent, long dropped, long failed, int waiting) {}

    boolean isOn();

    /// The span of a request that begins now. Whether it is recorded says the caller in its
    /// headers, or else the sampler; headers that are no `traceparent` say nothing, and a new trace
    /// begins. [Span#NONE] when off.
    Span request(String name, Headers headers);

    Counts counts();

    /// Sends what is left, for a short time at most.
    @Override
    void close();
}
