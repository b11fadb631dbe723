package dev.tidemill.cli.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.gateway.config.GatewayConfig;
import dev.tidemill.gateway.config.GatewayRules;
import dev.tidemill.gateway.config.TrafficRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TrafficOfFileTest {
    @TempDir Path folder;

    @Test
    void what_a_file_says_of_a_routes_traffic_reaches_the_gateway() throws IOException {
        Path file = folder.resolve("gateway.yaml");
        Files.writeString(
                file,
                """
                apiVersion: tidemill.dev/v1alpha1
                kind: Gateway
                metadata: {name: g}
                spec:
                  routes:
                  - models: [m]
                    upstreams:
                    - {url: http://127.0.0.1:1}
                    - {url: https://api.anthropic.com, provider: anthropic, maxTokens: 9, promptCaching: 5m, key: {env: K}}
                    canary: {steps: [10, 100], every: 2m, whenLate: rollback, gates: {p95: 1.5x, p99: 2s}}
                    mirror: {url: http://127.0.0.1:2, percent: 5}
                    hedge: 80ms
                    balance: prefix
                    hold: {time: 30s, requests: 7}
                """);
        GatewayConfig config =
                new GatewayFile(
                                file,
                                new GatewayFile.Listening(
                                        Optional.empty(), Optional.empty(), 0, Optional.empty()))
                        .read();
        GatewayRules.RouteRule route = config.orNoRules().routes().getFirst();
        GatewayRules.Upstream claude = route.upstreams().getLast();
        assertThat(claude.anthropic()).contains(new GatewayRules.Anthropic(9, true, false));
        assertThat(claude.key().orElseThrow().header()).isEqualTo("x-api-key");
        assertThat(route.patience().waitMillis()).isEqualTo(30_000);
        TrafficRules traffic = route.orNoTraffic();
        assertThat(traffic.canary())
                .contains(
                        new TrafficRules.Canary(
                                List.of(10.0, 100.0),
                                120_000,
                                3_600_000,
                                true,
                                1,
                                Optional.of(
                                        new TrafficRules.Latency(
                                                Optional.of(1.5), Optional.empty())),
                                Optional.of(
                                        new TrafficRules.Latency(
                                                Optional.empty(), Optional.of(2_000L))),
                                100,
                                95));
        assertThat(traffic.mirror().orElseThrow().percent()).isEqualTo(5);
        assertThat(traffic.hedge())
                .contains(new TrafficRules.Hedge(Optional.of(80L), Optional.empty()));
        assertThat(traffic.byPrefix()).isTrue();
        assertThat(traffic.held()).contains(7);
    }
}
