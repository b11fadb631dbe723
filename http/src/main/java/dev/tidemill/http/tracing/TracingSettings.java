package dev.tidemill.http.tracing;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What the environment says about traces, in OpenTelemetry's variables.
///
/// @param properties as the SDK knows them: `otel.exporter.otlp.endpoint` and so on
record TracingSettings(Map<String, String> properties) {
    private static final System.Logger LOGGER = System.getLogger(TracingSettings.class.getName());
    private static final String PREFIX = "OTEL_";
    private static final String HTTP = "http/protobuf";
    private static final String DISABLED = "OTEL_SDK_DISABLED";
    private static final String EXPORTER = "OTEL_TRACES_EXPORTER";
    private static final List<String> ENDPOINTS =
            List.of("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT");

    /// The first that is said counts.
    private static final List<String> PROTOCOLS =
            List.of("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL");

    TracingSettings {
        properties = Map.copyOf(properties);
    }

    /// Empty when nobody wants traces, or what they want cannot be: that is logged.
    static Optional<TracingSettings> of(Map<String, String> environment) {
        if (!isAskedFor(environment)) {
            return Optional.empty();
        }
        try {
            check(environment);
            return Optional.of(new TracingSettings(properties(environment)));
        } catch (TidemillException e) {
            LOGGER.log(System.Logger.Level.ERROR, "no traces are recorded: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static boolean isAskedFor(Map<String, String> environment) {
        String exporter = said(environment, EXPORTER);
        if (said(environment, DISABLED).equalsIgnoreCase("true") || exporter.equals("none")) {
            return false;
        }
        return !exporter.isEmpty()
                || ENDPOINTS.stream().anyMatch(name -> !said(environment, name).isEmpty());
    }

    private static void check(Map<String, String> environment) {
        List<String> problems = new ArrayList<>();
        String exporter = said(environment, EXPORTER);
        if (!exporter.isEmpty() && !exporter.equals("otlp")) {
            problems.add("%s: '%s' (expected: otlp or none)".formatted(EXPORTER, exporter));
        }
        PROTOCOLS.stream()
                .filter(name -> !said(environment, name).isEmpty())
                .findFirst()
                .filter(name -> !said(environment, name).equals(HTTP))
                .ifPresent(name ->
                        problems.add(
                                "%s: '%s' (expected: %s)"
                                        .formatted(name, said(environment, name), HTTP)));
        if (!problems.isEmpty()) {
            throw new TidemillException(ErrorCode.INVALID_SPEC, String.join("; ", problems));
        }
    }

    /// An empty variable is one that was not set.
    private static String said(Map<String, String> environment, String name) {
        return environment.getOrDefault(name, "").strip();
    }

    private static Map<String, String> properties(Map<String, String> environment) {
        Map<String, String> properties = new HashMap<>();
        // A path or a header of a request may be long, and many spans wait at a time.
        properties.put("otel.attribute.value.length.limit", "1024");
        environment.forEach((name, value) -> {
            if (name.startsWith(PREFIX) && !value.isBlank()) {
                properties.put(name.toLowerCase(Locale.ROOT).replace('_', '.'), value.strip());
            }
        });
        properties.put("otel.exporter.otlp.protocol", HTTP);
        properties.put("otel.exporter.otlp.traces.protocol", HTTP);
        // Our own queue takes the spans; metrics are Prometheus', and logs are lines.
        properties.put("otel.traces.exporter", "none");
        properties.put("otel.metrics.exporter", "none");
        properties.put("otel.logs.exporter", "none");
        return properties;
    }
}
