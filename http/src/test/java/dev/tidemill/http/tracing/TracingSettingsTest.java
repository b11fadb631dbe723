package dev.tidemill.http.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.testkit.CapturedLog;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TracingSettingsTest {
    private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private static final String COLLECTOR = "http://collector:4318";

    @Test
    void nothing_is_traced_unless_an_endpoint_or_the_exporter_is_named() {
        assertThat(TracingSettings.of(Map.of())).isEmpty();
        assertThat(TracingSettings.of(Map.of(ENDPOINT, " ", "OTEL_SERVICE_NAME", "shop")))
                .isEmpty();
        assertThat(TracingSettings.of(Map.of(ENDPOINT, COLLECTOR))).isPresent();
        assertThat(TracingSettings.of(Map.of("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", COLLECTOR)))
                .isPresent();
        assertThat(TracingSettings.of(Map.of("OTEL_TRACES_EXPORTER", "otlp"))).isPresent();
    }

    @Test
    void an_endpoint_for_others_can_be_refused() {
        assertThat(TracingSettings.of(Map.of(ENDPOINT, COLLECTOR, "OTEL_SDK_DISABLED", "True")))
                .isEmpty();
        assertThat(TracingSettings.of(Map.of(ENDPOINT, COLLECTOR, "OTEL_TRACES_EXPORTER", "none")))
                .isEmpty();
    }

    @Test
    void variables_become_the_properties_of_the_sdk() {
        Map<String, String> properties =
                TracingSettings.of(
                                Map.of(
                                        ENDPOINT,
                                        COLLECTOR,
                                        "OTEL_TRACES_SAMPLER_ARG",
                                        "0.1",
                                        "PATH",
                                        "/bin"))
                        .orElseThrow()
                        .properties();
        assertThat(properties)
                .containsEntry("otel.exporter.otlp.endpoint", COLLECTOR)
                .containsEntry("otel.traces.sampler.arg", "0.1")
                .containsEntry("otel.metrics.exporter", "none")
                .doesNotContainKey("path");
    }

    @Test
    void what_cannot_be_is_said_and_nothing_is_traced() {
        try (CapturedLog log = CapturedLog.of(TracingSettings.class.getName())) {
            Map<String, String> wrong =
                    Map.of(
                            ENDPOINT,
                            COLLECTOR,
                            "OTEL_TRACES_EXPORTER",
                            "zipkin",
                            "OTEL_EXPORTER_OTLP_PROTOCOL",
                            "grpc");
            assertThat(TracingSettings.of(wrong)).isEmpty();
            assertThat(log.messages())
                    .containsExactly(
                            "no traces are recorded: OTEL_TRACES_EXPORTER: 'zipkin' (expected: otlp"
                                    + " or none); OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' (expected:"
                                    + " http/protobuf)");
        }
    }

    @Test
    void the_protocol_for_traces_goes_before_the_one_for_everything() {
        assertThat(
                        TracingSettings.of(
                                Map.of(
                                        ENDPOINT,
                                        COLLECTOR,
                                        "OTEL_EXPORTER_OTLP_PROTOCOL",
                                        "grpc",
                                        "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
                                        "http/protobuf")))
                .isPresent();
    }
}
