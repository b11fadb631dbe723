package dev.tidemill.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.common.AddressRange;
import dev.tidemill.common.Digest;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GatewayRoutesTest {
    private static final String HASH = "sha256:" + "ab".repeat(32);

    @Test
    void reads_upstreams_by_url_with_all_that_belongs_to_them() {
        Route route =
                gateway(
                                """
                                routes:
                                - name: chat
                                  models: [gpt-4o, meta-llama/Llama-3.1-8B]
                                  match: [{header: X-Canary, value: "1"}, {cookie: Beta}, {percent: 12.5}]
                                  upstreams:
                                  - {url: http://10.0.0.5:8000, weight: 9, as: llama}
                                  - urls: [https://a.example.com/v1, https://b.example.com/v1]
                                    key: {env: OPENAI_API_KEY}
                                  fallback: [spare]
                                  sticky: x-conversation-id
                                  timeouts: {request: 10m, firstByte: 30s, idle: 20s, waitForReplica: 5s}
                                  retries: {attempts: 2, maxWait: 3s}
                                - {name: spare, path: /spare, stripPath: true, upstreams: [{url: http://c}]}
                                """)
                        .routes()
                        .getFirst();

        assertThat(route)
                .isEqualTo(
                        new Route(
                                "chat",
                                Optional.empty(),
                                List.of("gpt-4o", "meta-llama/Llama-3.1-8B"),
                                Optional.empty(),
                                List.of(
                                        new Route.Match.Header("x-canary", Optional.of("1")),
                                        new Route.Match.Cookie("Beta", Optional.empty()),
                                        new Route.Match.Percent(12.5)),
                                List.of(
                                        new Route.Upstream(
                                                List.of(URI.create("http://10.0.0.5:8000")),
                                                Optional.empty(),
                                                9,
                                                Optional.of("llama"),
                                                Optional.empty(),
                                                Optional.empty(),
                                                false),
                                        new Route.Upstream(
                                                List.of(
                                                        URI.create("https://a.example.com/v1"),
                                                        URI.create("https://b.example.com/v1")),
                                                Optional.empty(),
                                                1,
                                                Optional.empty(),
                                                Optional.of(
                                                        new Route.Credential(
                                                                Optional.of("OPENAI_API_KEY"),
                                                                Optional.empty(),
                                                                "authorization")),
                                                Optional.empty(),
                                                false)),
                                List.of("spare"),
                                false,
                                new Route.Timeouts(
                                        Duration.ofMinutes(10),
                                        Duration.ofSeconds(30),
                                        Duration.ofSeconds(20),
                                        Duration.ofSeconds(5)),
                                new Route.Retries(2, Duration.ofSeconds(3)),
                                Optional.of(new Route.Sticky.Header("x-conversation-id")),
                                RouteTraffic.NONE));
    }

    @Test
    void reads_keys_that_are_being_rotated() {
        GatewayAccess access =
                gateway(
                                """
                                access:
                                  keys:
                                  - name: alice
                                    team: search
                                    models: [gpt-4o]
                                    secrets:
                                    - {hash: "%s", expires: 2027-01-31}
                                    - {hash: "%s"}
                                  allow: [10.0.0.0/8]
                                  trustedProxies: [127.0.0.1]
                                  cors: {origins: ["https://app.example.com"]}
                                """
                                        .formatted(HASH, HASH.replace("ab", "cd")))
                        .access();

        assertThat(access.keys())
                .containsExactly(
                        new GatewayAccess.Key(
                                "alice",
                                List.of(
                                        new GatewayAccess.Secret(
                                                new Digest(HASH),
                                                Optional.of(Instant.parse("2027-01-31T00:00:00Z"))),
                                        new GatewayAccess.Secret(
                                                new Digest(HASH.replace("ab", "cd")),
                                                Optional.empty())),
                                Optional.of("search"),
                                List.of("gpt-4o"),
                                List.of()));
        assertThat(access.allow()).containsExactly(AddressRange.parse("10.0.0.0/8"));
        assertThat(access.cors().orElseThrow().methods()).containsExactly("GET", "HEAD", "POST");
    }

    @Test
    void a_rate_without_a_burst_bursts_a_minute() {
        List<RateRule> rates =
                gateway("limits: {rates: [{per: [key], requestsPerMinute: 60, concurrent: 5}]}\n")
                        .rates();

        assertThat(rates)
                .containsExactly(
                        new RateRule(
                                "rate-1",
                                List.of(RateRule.Per.KEY),
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(),
                                Optional.of(new RateRule.Rate(60, 60)),
                                Optional.empty(),
                                Optional.of(5),
                                Optional.empty()));
    }

    @Test
    void reads_whose_tokens_are_believed() {
        GatewayAccess access =
                gateway(
                                """
                                access:
                                  wrongKeysPerMinute: 5
                                  jwt:
                                  - issuer: https://login.example.com/realms/a
                                    audience: [tidemill]
                                    algorithms: [PS512]
                                    leeway: 10s
                                    claims: {user: email, team: groups.team, scopes: roles}
                                    requiredScope: ai
                                  - {issuer: "http://localhost:1/", audience: [x], jwks: "https://k/keys"}
                                """)
                        .access();

        assertThat(access.wrongKeysPerMinute()).isEqualTo(5);
        assertThat(access.issuers())
                .containsExactly(
                        new TokenIssuer(
                                URI.create("https://login.example.com/realms/a"),
                                List.of("tidemill"),
                                Optional.empty(),
                                List.of("PS512"),
                                Duration.ofSeconds(10),
                                "email",
                                Optional.of("groups.team"),
                                "roles",
                                Optional.of("ai"),
                                false),
                        new TokenIssuer(
                                URI.create("http://localhost:1/"),
                                List.of("x"),
                                Optional.of(URI.create("https://k/keys")),
                                List.of("RS256", "ES256"),
                                Duration.ofSeconds(30),
                                "sub",
                                Optional.empty(),
                                "scope",
                                Optional.empty(),
                                false));
    }

    @Test
    void reads_where_limits_are_shared() {
        Gateway gateway =
                gateway(
                        "limits: {shared: {redis: 'rediss://r:6380/1', user: gw, password: {env: R},"
                                + " timeout: 20ms, whenLost: failClosed}}\n");

        assertThat(gateway.sharedLimits())
                .hasValue(
                        new SharedLimits(
                                URI.create("rediss://r:6380/1"),
                                Optional.of("gw"),
                                Optional.of(
                                        new Route.Credential(
                                                Optional.of("R"), Optional.empty(), "")),
                                Duration.ofMillis(20),
                                false));
        assertThat(
                        gateway("limits: {shared: {redis: 'redis://r'}}\n")
                                .sharedLimits()
                                .orElseThrow()
                                .failOpen())
                .isTrue();
    }

    @Test
    void reads_prices_and_budgets() {
        Gateway gateway =
                gateway(
                        """
                        prices:
                          currency: EUR
                          models:
                          - {names: [gpt-4o], input: 2.5, cachedInput: 1.25, output: 10}
                          - {names: ['*'], input: 0.075, output: 0.3}
                        limits:
                          rates:
                          - {per: [team], costPerDay: 20.5, zone: Europe/Berlin}
                          - {costPerDay: 100}
                        """);

        assertThat(gateway.prices())
                .isEqualTo(
                        new Prices(
                                "EUR",
                                List.of(
                                        new Prices.ModelPrice(
                                                List.of("gpt-4o"),
                                                new BigDecimal("2.5"),
                                                new BigDecimal("1.25"),
                                                BigDecimal.TEN),
                                        new Prices.ModelPrice(
                                                List.of("*"),
                                                new BigDecimal("0.075"),
                                                new BigDecimal("0.075"),
                                                new BigDecimal("0.3")))));
        assertThat(gateway.rates().stream().map(RateRule::budget))
                .containsExactly(
                        Optional.of(
                                new RateRule.Budget(
                                        new BigDecimal("20.5"), ZoneId.of("Europe/Berlin"))),
                        Optional.of(new RateRule.Budget(BigDecimal.valueOf(100), ZoneOffset.UTC)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    routes: [{path: /a, upstreams: [{url: ftp://a}]}] | spec.routes[0].upstreams[0].url: 'ftp://a' (expected: a URL such as http://10.0.0.5:8000 or https://api.example.com/v1)
                    routes: [{path: /a, upstreams: [{url: http://u:p@a}]}] | spec.routes[0].upstreams[0].url: 'http://u:p@a' (expected: a URL such as http://10.0.0.5:8000 or https://api.example.com/v1)
                    routes: [{path: /a, upstreams: [{url: http://a/../b}]}] | spec.routes[0].upstreams[0].url: 'http://a/../b' (expected: a URL such as http://10.0.0.5:8000 or https://api.example.com/v1)
                    routes: [{path: /a, upstreams: [{wieght: 1, url: http://a}]}] | spec.routes[0].upstreams[0].wieght: '1' (expected: 'weight'; known keys: url, urls, model, app, weight, as, key, provider, maxTokens, promptCaching, allowPrivate, grpcPort)
                    routes: [{path: /a, upstreams: [{url: http://a, grpcPort: 0}]}] | spec.routes[0].upstreams[0].grpcPort: '0' (expected: a whole number from 1 to 65535)
                    routes: [{path: /a, upstreams: [{weight: 1}]}] | spec.routes[0].upstreams[0].url: 'missing' (expected: one of url, urls, model or app)
                    routes: [{path: /a, upstreams: [{url: http://a, key: {}}]}] | spec.routes[0].upstreams[0].key.env: 'missing' (expected: one of env or file)
                    routes: [{upstreams: [{url: http://a}]}] | spec.routes[0].path: 'missing' (expected: a path such as /predict, of /, letters, digits, '-', '.', '_' and '~', outside /v2, /health, /actuator or /metrics)
                    routes: [{name: chat, path: /a, upstreams: [{url: http://a}], fallback: [caht]}] | spec.routes[0].fallback: '[...]' (expected: each the name of a route of this gateway; 'caht' is none; nearest: 'chat')
                    routes: [{path: /a, upstreams: [{url: http://a}], match: [{value: x}]}] | spec.routes[0].match[0].header: 'missing' (expected: one of header, cookie or percent)
                    access: {keys: [{name: a, secrets: [{hash: abc}]}]} | spec.access.keys[0].secrets[0].hash: 'abc' (expected: sha256: and the 64 hexadecimal digits of the key's SHA-256)
                    access: {allow: [10.0.0.0/40]} | spec.access.allow[0]: '10.0.0.0/40' (expected: an address or range such as 10.0.0.0/8, 192.168.1.7 or 2001:db8::/32)
                    access: {cors: {origins: ['*'], credentials: true}} | spec.access.cors.credentials: 'true' (expected: false where every origin may call)
                    limits: {rates: [{per: [key]}]} | spec.limits.rates[0].requestsPerMinute: 'missing' (expected: at least one of requestsPerMinute, tokensPerMinute, concurrent or costPerDay)
                    limits: {rates: [{per: [kee], concurrent: 1}]} | spec.limits.rates[0].per[0]: 'kee' (expected: key, team, model, route or address; nearest: 'key')
                    limits: {rates: [{keys: [bob], concurrent: 1}]} | spec.limits.rates[0].keys: '[...]' (expected: each the name of a key of this gateway; 'bob' is none)
                    limits: {rates: [{costPerDay: 5}]} | spec.limits.rates[0].costPerDay: '5' (expected: given where there are prices.models)
                    limits: {rates: [{concurrent: 5, zone: UTC}]} | spec.limits.rates[0].zone: 'UTC' (expected: given with costPerDay only)
                    prices: {models: [{names: [a], input: -1, output: 1}]} | spec.prices.models[0].input: '-1' (expected: an amount such as 20 or 0.075, at most 100000, with at most 9 digits after the point)
                    prices: {models: [{names: [a, a], input: 1, output: 1}]} | spec.prices.models[0].names: '[...]' (expected: each model once; 'a' has a price on line 6 too)
                    limits: {shared: {redis: 'redis://u:p@r'}} | spec.limits.shared.redis: 'redis://u:p@r' (expected: redis://HOST:PORT or rediss://HOST:PORT for TLS, then /DATABASE if it is not 0)
                    limits: {shared: {redis: 'redis://r', whenLost: open}} | spec.limits.shared.whenLost: 'open' (expected: failOpen or failClosed)
                    limits: {shared: {redis: 'redis://r', password: {}}} | spec.limits.shared.password.env: 'missing' (expected: one of env or file)
                    limits: {shared: {redis: 'redis://r', user: gw}} | spec.limits.shared.user: 'gw' (expected: given with a password only)
                    access: {jwt: [{issuer: http://a, audience: [x]}]} | spec.access.jwt[0].issuer: 'http://a' (expected: https, or http on this machine, or else allowPrivate: true)
                    access: {jwt: [{issuer: https://a, audience: [x], jwks: http://10.0.0.1/k}]} | spec.access.jwt[0].jwks: 'http://10.0.0.1/k' (expected: https, or http on this machine, or else allowPrivate: true)
                    access: {jwt: [{issuer: https://a}]} | spec.access.jwt[0].audience: 'missing' (expected: a list such as [a, b] of at most 20, each an audience such as tidemill)
                    access: {jwt: [{issuer: https://a, audience: [x], algorithms: [none]}]} | spec.access.jwt[0].algorithms[0]: 'none' (expected: RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384 or ES512)
                    access: {jwt: [{issuer: https://a, audience: [x], algorithms: [HS256]}]} | spec.access.jwt[0].algorithms[0]: 'HS256' (expected: RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384 or ES512; nearest: 'RS256')
                    access: {wrongKeysPerMinute: 0} | spec.access.wrongKeysPerMinute: '0' (expected: a whole number from 1 to 1000000)
                    prices: {currency: dollars} | spec.prices.currency: 'dollars' (expected: a currency such as USD or EUR)
                    """)
    void refuses_what_cannot_be_meant(String line, String problem) {
        assertThat(Yaml.problems(Yaml.GATEWAY + "  " + line + "\n"))
                .containsExactly("tidemill.yaml:6: Gateway/gateway " + problem);
    }

    @Test
    void a_route_behind_one_that_takes_everything_is_refused_and_one_behind_a_condition_is_not() {
        String upstreams = "upstreams: [{url: http://a}]";

        assertThat(
                        Yaml.problems(
                                Yaml.GATEWAY
                                        + """
                                          routes:
                                          - {models: [m], match: [{percent: 10}], %1$s}
                                          - {models: [m], %1$s}
                                          - {models: [m], match: [{percent: 10}], %1$s}
                                        """
                                                .formatted(upstreams)))
                .containsExactly(
                        "tidemill.yaml:9: Gateway/gateway spec.routes[2].models: '[...]' (expected:"
                                + " models of its own; the route on line 8 has model m too)");
    }

    @Test
    void the_example_is_right() throws IOException {
        Path example = Yaml.root().resolve("examples/gateway/gateway.yaml");

        assertThat(Yaml.problems(Files.readString(example))).isEmpty();
    }

    private static Gateway gateway(String spec) {
        return Yaml.only(Yaml.GATEWAY + spec.indent(2), Gateway.class);
    }
}
