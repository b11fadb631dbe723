package dev.tidemill.testkit;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/// An OTLP/HTTP collector on a loopback port that keeps the spans it gets, and can be down, slow or
/// unwilling.
public final class FakeCollector implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final String PATH = "/v1/traces";

    private final FakeUpstream server = FakeUpstream.start(this::take);
    private final List<Received> spans = new ArrayList<>();

    /// @param kind `SERVER`, `CLIENT` or `INTERNAL`
    /// @param parent empty for the first of a trace
    /// @param attributes whatever their type, as text
    /// @param resource what is said about the process
    /// @param begin in nanoseconds since 1970
    public record Received(
            String name,
            String kind,
            String trace,
            String id,
            String parent,
            List<String> links,
            Map<String, String> attributes,
            Map<String, String> resource,
            boolean failed,
            long begin,
            long end) {
        public String attribute(String key) {
            return attributes.getOrDefault(key, "");
        }

        public String service() {
            return resource.getOrDefault("service.name", "");
        }
    }

    private FakeCollector() {}

    public static FakeCollector start() {
        return new FakeCollector();
    }

    /// Down, slow and so on; a script that answers nothing takes no spans either.
    public FakeUpstream server() {
        return server;
    }

    public URI url() {
        return server.url();
    }

    /// What a process needs to be told, so that it sends its spans here, and soon.
    public Map<String, String> environment() {
        return Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT", url().toString(), "OTEL_BSP_SCHEDULE_DELAY", "10");
    }

    /// As above, and more.
    public Map<String, String> environment(String name, String value) {
        Map<String, String> environment = new TreeMap<>(environment());
        environment.put(name, value);
        return environment;
    }

    /// Those that have come.
    public List<Received> spans() {
        synchronized (spans) {
            return List.copyOf(spans);
        }
    }

    /// Waits until those that have come are as wanted.
    ///
    /// @throws AssertionError with what there is instead, after a while
    public List<Received> await(Predicate<List<Received>> wanted) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        synchronized (spans) {
            while (!wanted.test(spans)) {
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw new AssertionError("there are only these spans: " + spans);
                }
                try {
                    spans.wait(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new AssertionError(e);
                }
            }
            return List.copyOf(spans);
        }
    }

    /// The only one of this name, waiting for it.
    public Received await(String name) {
        List<Received> found =
                await(all -> all.stream().anyMatch(span -> span.name().equals(name))).stream()
                        .filter(span -> span.name().equals(name))
                        .toList();
        if (found.size() > 1) {
            throw new AssertionError("more than one: " + found);
        }
        return found.getFirst();
    }

    @Override
    public void close() {
        server.close();
    }

    /// Takes a request's spans and answers as a collector does. For scripts.
    public void take(FakeUpstream.Request request, FakeUpstream.Connection connection) {
        try {
            if (!request.target().equals(PATH)) {
                connection.send(404, Map.of(), new byte[0]);
                return;
            }
            ExportTraceServiceRequest sent = ExportTraceServiceRequest.parseFrom(request.body());
            synchronized (spans) {
                sent.getResourceSpansList().forEach(this::keep);
                spans.notifyAll();
            }
            connection.send(200, Map.of("Content-Type", "application/x-protobuf"), new byte[0]);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError("no request of OTLP", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void keep(ResourceSpans process) {
        Map<String, String> resource = texts(process.getResource().getAttributesList());
        for (ScopeSpans scope : process.getScopeSpansList()) {
            scope.getSpansList()
                    .forEach(span ->
                            spans.add(
                                    new Received(
                                            span.getName(),
                                            span.getKind().name().replace("SPAN_KIND_", ""),
                                            hex(span.getTraceId()),
                                            hex(span.getSpanId()),
                                            hex(span.getParentSpanId()),
                                            span.getLinksList().stream()
                                                    .map(link -> hex(link.getSpanId()))
                                                    .toList(),
                                            texts(span.getAttributesList()),
                                            resource,
                                            span.getStatus().getCode()
                                                    == Status.StatusCode.STATUS_CODE_ERROR,
                                            span.getStartTimeUnixNano(),
                                            span.getEndTimeUnixNano())));
        }
    }

    private static Map<String, String> texts(List<KeyValue> attributes) {
        Map<String, String> texts = new TreeMap<>();
        attributes.forEach(attribute -> texts.put(attribute.getKey(), text(attribute.getValue())));
        return texts;
    }

    private static String text(AnyValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE -> value.getStringValue();
            case INT_VALUE -> String.valueOf(value.getIntValue());
            case BOOL_VALUE -> String.valueOf(value.getBoolValue());
            default -> value.toString();
        };
    }

    private static String hex(com.google.protobuf.ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }
}
