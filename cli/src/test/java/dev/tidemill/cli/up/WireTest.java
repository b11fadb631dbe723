package dev.tidemill.cli.up;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.cli.state.StateFolder;
import dev.tidemill.spec.Gateway;
import dev.tidemill.spec.SpecParser;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class WireTest {
    private static final StateFolder STATE = new StateFolder(Path.of("/data"));

    @Test
    void control_is_told_how_much_of_the_audit_log_to_keep() {
        Gateway gateway = gateway("audit: {maxAge: 2d, maxSize: 1Gi}");
        JsonNode line = read(Wire.control(STATE, gateway.answers().audit()));
        assertThat(line.path("dataDirectory").asString()).isEqualTo("/data");
        assertThat(line.path("audit").path("maxAgeMillis").asLong()).isEqualTo(172_800_000);
        assertThat(line.path("audit").path("maxRecords").asLong()).isEqualTo(1_000_000);
        assertThat(line.path("audit").path("maxBytes").asLong()).isEqualTo(1L << 30);
        assertThat(read(Wire.control(STATE)).path("audit").isNull()).isTrue();
    }

    @Test
    void the_gateway_is_told_where_rollouts_are_kept() {
        String line =
                Wire.gateway(
                        gateway("audit: {}"),
                        Path.of("/"),
                        List.of(),
                        0,
                        Optional.of(STATE.canaries()));
        assertThat(read(line).path("canaryFile").asString())
                .isEqualTo("/data/gateway.canaries.json");
    }

    private static Gateway gateway(String more) {
        String text =
                """
                apiVersion: tidemill.dev/v1alpha1
                kind: Gateway
                metadata: {name: front}
                spec:
                  routes: [{path: /p, upstreams: [{url: "http://10.0.0.1:8000"}]}]
                  %s
                """
                        .formatted(more);
        return (Gateway)
                SpecParser.parse("f.yaml", text.getBytes(StandardCharsets.UTF_8))
                        .orThrow()
                        .getFirst();
    }

    private static JsonNode read(String line) {
        return JsonMapper.shared().readTree(line);
    }
}
