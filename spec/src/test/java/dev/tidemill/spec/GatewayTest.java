package dev.tidemill.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.common.ByteSize;
import dev.tidemill.spec.cluster.Exposure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GatewayTest {
    @Test
    void has_defaults_for_what_is_not_given() {
        Gateway gateway =
                Yaml.only(
                        Yaml.GATEWAY.replace("  timeouts: {request: 30s}\n", "  {}\n"),
                        Gateway.class);

        assertThat(gateway)
                .isEqualTo(
                        new Gateway(
                                new Metadata("gateway", ""),
                                gateway.place(),
                                "127.0.0.1",
                                8080,
                                List.of(),
                                Duration.ofSeconds(30),
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(15),
                                ByteSize.mebibytes(32),
                                GatewayAccess.OPEN,
                                List.of(),
                                GatewayAnswers.NONE,
                                Prices.NONE,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Exposure.NONE));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    listeners: [{port: 65536}]  | spec.listeners[0].port: '65536' (expected: a whole number from 0 to 65535)
                    listeners: [{port: http}]   | spec.listeners[0].port: 'http' (expected: a whole number from 0 to 65535)
                    listeners: [{port: }]       | spec.listeners[0].port: 'missing' (expected: a whole number from 0 to 65535; or leave the key out)
                    listeners: [{host: a b}]    | spec.listeners[0].host: 'a b' (expected: a host name or address such as 127.0.0.1 or 0.0.0.0)
                    listeners: {port: 8080}     | spec.listeners: '{...}' (expected: a list of exactly 1, each with the keys host, port, grpcPort, tls)
                    listeners: [{port: 1}, {port: 2}] | spec.listeners: 'a list of 2' (expected: a list of exactly 1, each with the keys host, port, grpcPort, tls)
                    listeners: [{tls: {key: k.pem}}] | spec.listeners[0].tls.certificate: 'missing' (expected: a path, at most 1000 characters)
                    listeners: [{grpcPort: x}] | spec.listeners[0].grpcPort: 'x' (expected: a whole number from 0 to 65535)
                    limits: {maxBody: 32MB}     | spec.limits.maxBody: '32MB' (expected: a size such as 512Ki, 200Mi or 1Gi, from 1Ki to 1Gi)
                    limits: {maxBody: 2Gi}      | spec.limits.maxBody: '2Gi' (expected: a size such as 512Ki, 200Mi or 1Gi, from 1Ki to 1Gi)
                    routes: [{path: /a}]        | spec.routes[0].model: 'missing' (expected: a name of a-z, 0-9 and '-', 1 to 63 characters, that begins and ends with a letter or digit)
                    """)
    void refuses_what_cannot_be_meant(String line, String problem) {
        assertThat(Yaml.problems(Yaml.GATEWAY + "  " + line + "\n"))
                .containsExactly("tidemill.yaml:6: Gateway/gateway " + problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    guardrails: [{}]                                  | spec.guardrails[0].patterns: 'missing' (expected: patterns, or one of maxInputTokens, maxMessages and maxOutputTokens)
                    guardrails: [{maxMessages: 1, routes: [a]}]       | spec.guardrails[0].routes: '[...]' (expected: each the name of a route of this gateway; 'a' is none)
                    guardrails: [{maxMessages: 1, overMaxOutput: clamp}] | spec.guardrails[0].maxOutputTokens: 'missing' (expected: given where there is an overMaxOutput)
                    guardrails: [{patterns: [{pattern: emial}]}]      | spec.guardrails[0].patterns[0].pattern: 'emial' (expected: email, phone, credit-card, cn-id-card, cn-mobile, ipv4 or api-key; nearest: 'email')
                    guardrails: [{patterns: [{regex: '(a)\\1'}]}]     | spec.guardrails[0].patterns[0].regex: '(a)\\1' (expected: an expression in RE2's syntax that does not find nothing, at most 500 characters)
                    guardrails: [{patterns: [{action: flag}]}]        | spec.guardrails[0].patterns[0].pattern: 'missing' (expected: exactly one of pattern, regex and plugin)
                    guardrails: [{patterns: [{pattern: ipv4, replacement: '"'}]}] | spec.guardrails[0].patterns[0].replacement: '"' (expected: visible ASCII characters but quotes and backslashes, at most 100)
                    caches: [{}]                                      | spec.caches[0].routes: 'missing' (expected: routes or models whose answers are kept)
                    caches: [{models: [a], shared: true, per: team}]  | spec.caches[0].shared: 'true' (expected: false where there is a per)
                    caches: [{models: [a], semantic: {}}]             | spec.caches[0].semantic.model: 'missing' (expected: a model's name such as gpt-4o or meta-llama/Llama-3.1-8B)
                    """)
    void refuses_guardrails_and_caches_that_cannot_be_meant(String line, String problem) {
        assertThat(Yaml.problems(Yaml.GATEWAY + "  " + line + "\n"))
                .containsExactly("tidemill.yaml:6: Gateway/gateway " + problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "predict",
                "/",
                "/a/",
                "//a",
                "/a?b",
                "/a b",
                "/a/../b",
                "/./a",
                "/é",
                "/a%2e",
                "/v2",
                "/v2/models",
                "/health/live",
                "/metrics",
                "/actuator/health"
            })
    void refuses_paths_that_cannot_be_routed(String path) {
        assertThat(Yaml.problems(withRoutes("{path: '%s', model: digits}".formatted(path))))
                .singleElement()
                .asString()
                .startsWith("tidemill.yaml:6: Gateway/gateway spec.routes[0].path: '")
                .endsWith("outside /v2, /health, /actuator or /metrics)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/predict", "/v2x", "/a.b/c-d_e~f", "/health-check"})
    void takes_paths_of_ordinary_characters(String path) {
        assertThat(Yaml.problems(withRoutes("{path: '%s', model: digits}".formatted(path))))
                .isEmpty();
    }

    @Test
    void refuses_two_routes_of_one_path() {
        assertThat(
                        Yaml.problems(
                                withRoutes("{path: /a, model: digits}, {path: /a, model: digits}")))
                .containsExactly(
                        "tidemill.yaml:6: Gateway/gateway spec.routes[1].path: '/a' (expected: a path"
                                + " of its own; the route on line 6 has it too)");
    }

    @Test
    void refuses_a_second_gateway() {
        String second = Yaml.GATEWAY.replace("name: gateway", "name: other");

        assertThat(Yaml.problems(Yaml.file(Yaml.GATEWAY, second)))
                .containsExactly(
                        "tidemill.yaml:9: Gateway/other kind: 'Gateway' (expected: one Gateway in a"
                                + " file; Gateway/gateway is on line 3)");
    }

    private static String withRoutes(String routes) {
        return Yaml.file(Yaml.GATEWAY + "  routes: [%s]\n".formatted(routes), Yaml.MODEL);
    }
}
