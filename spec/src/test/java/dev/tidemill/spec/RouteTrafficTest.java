package dev.tidemill.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RouteTrafficTest {
    @Test
    void reads_a_canary_with_its_gates() {
        assertThat(
                        canary(
                                """
                                canary:
                                  steps: [5, 50, 100]
                                  every: 2m
                                  stepTimeout: 30m
                                  whenLate: rollback
                                  gates: {errorRate: 0.5, p95: 1.2x, p99: 800ms, minRequests: 200, confidence: 99}
                                """))
                .isEqualTo(
                        new RouteTraffic.Canary(
                                List.of(5.0, 50.0, 100.0),
                                Duration.ofMinutes(2),
                                Duration.ofMinutes(30),
                                true,
                                new RouteTraffic.Gates(
                                        0.5,
                                        Optional.of(new RouteTraffic.Latency.Factor(1.2)),
                                        Optional.of(
                                                new RouteTraffic.Latency.Absolute(
                                                        Duration.ofMillis(800))),
                                        200,
                                        99),
                                RouteTraffic.Split.GATEWAY));
    }

    @Test
    void a_canary_needs_only_its_steps() {
        assertThat(canary("canary: {steps: [10]}"))
                .isEqualTo(
                        new RouteTraffic.Canary(
                                List.of(10.0),
                                Duration.ofMinutes(5),
                                Duration.ofHours(1),
                                false,
                                new RouteTraffic.Gates(
                                        1, Optional.empty(), Optional.empty(), 100, 95),
                                RouteTraffic.Split.GATEWAY));
    }

    @Test
    void blue_green_is_copies_and_then_everything() {
        assertThat(canary("canary: {strategy: blueGreen, every: 30s}").steps())
                .containsExactly(0.0, 100.0);
    }

    @Test
    void reads_mirror_hedge_balance_and_hold() {
        RouteTraffic traffic =
                traffic(
                        """
                        mirror: {url: http://m, as: next, percent: 5}
                        hedge: p95
                        balance: prefix
                        hold: {time: 30s, requests: 20}
                        """);
        assertThat(traffic.mirror().orElseThrow().percent()).isEqualTo(5);
        assertThat(traffic.mirror().orElseThrow().upstream().as()).contains("next");
        assertThat(traffic.hedge()).contains(new RouteTraffic.Hedge.Quantile(95));
        assertThat(traffic.byPrefix()).isTrue();
        assertThat(traffic.hold())
                .contains(
                        new RouteTraffic.Hold(
                                Optional.of(Duration.ofSeconds(30)), Optional.of(20)));
        assertThat(traffic("hedge: 80ms").hedge())
                .contains(new RouteTraffic.Hedge.After(Duration.ofMillis(80)));
    }

    @Test
    void reads_an_upstream_of_another_provider() {
        Gateway gateway =
                (Gateway)
                        Yaml.parse(
                                        Yaml.GATEWAY
                                                + """
                                                  routes:
                                                  - models: [m]
                                                    upstreams:
                                                    - url: https://api.anthropic.com
                                                      provider: anthropic
                                                      promptCaching: 1h
                                                      key: {env: ANTHROPIC_API_KEY}
                                                """)
                                .orThrow()
                                .getFirst();
        Route.Upstream upstream = gateway.routes().getFirst().upstreams().getFirst();
        assertThat(upstream.anthropic())
                .contains(new Route.Anthropic(4096, Route.PromptCaching.HOUR));
        assertThat(upstream.key().orElseThrow().header()).isEqualTo("x-api-key");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "canary: {steps: [50, 10]} | rising percentages",
                "canary: {steps: [100]} | a first step below 100",
                "canary: {} | a first step below 100",
                "canary: {steps: [10], split: istio} | gateway where an upstream is no model",
                "canary: {strategy: blueGreen, steps: [10]} | none with strategy: blueGreen",
                "canary: {steps: [10], every: 2h} | at least as long as every",
                "canary: {steps: [10], gates: {p95: 1x}} | a factor of the stable version's",
                "hedge: p10 | a percentile that is learned",
                "hedge: 2m | a duration such as 80ms",
                "mirror: {percent: 5} | one of url, urls, model or app",
                "mirror: {url: http://m, maxTokens: 5} | left out where the provider is not",
                "canary: {steps: [10], gates: {minRequests: 1}} | a whole number from 10",
                "canary: {steps: [10], gate: {}} | known keys: steps, every"
            })
    void refuses_what_cannot_be(String text, String expected) {
        assertThat(parsed(text, 2).problems())
                .anySatisfy(problem -> assertThat(problem.toString()).contains(expected));
    }

    @Test
    void a_canary_needs_somebody_to_be_compared_with() {
        assertThat(parsed("canary: {steps: [10]}", 1).problems())
                .anySatisfy(problem ->
                        assertThat(problem.toString()).contains("at least two upstreams"));
    }

    private static RouteTraffic.Canary canary(String text) {
        Gateway gateway = (Gateway) parsed(text, 2).orThrow().getFirst();
        return gateway.routes().getFirst().traffic().canary().orElseThrow();
    }

    private static RouteTraffic traffic(String text) {
        return ((Gateway) parsed(text, 2).orThrow().getFirst()).routes().getFirst().traffic();
    }

    private static ParsedSpec parsed(String text, int upstreams) {
        return Yaml.parse(
                """
                apiVersion: tidemill.dev/v1alpha1
                kind: Gateway
                metadata: {name: g}
                spec:
                  routes:
                  - models: [m]
                    upstreams: [%s]
                %s\
                """
                        .formatted(
                                "{url: http://a}, ".repeat(upstreams - 1) + "{url: http://b}",
                                text.indent(4)));
    }
}
