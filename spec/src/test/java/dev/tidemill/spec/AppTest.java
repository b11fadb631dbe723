package dev.tidemill.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.spec.cluster.ContainerSettings;
import dev.tidemill.spec.cluster.PodSettings;
import dev.tidemill.spec.scaling.PolicyKind;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AppTest {
    @Test
    void has_defaults_for_what_is_not_given() {
        App app = Yaml.only(Yaml.APP, App.class);

        assertThat(app.metadata()).isEqualTo(new Metadata("portal", ""));
        assertThat(app.command()).containsExactly("java", "Portal.java");
        assertThat(app.env()).isEmpty();
        assertThat(app.secrets()).isEmpty();
        assertThat(app.port()).isEqualTo(8080);
        assertThat(app.health())
                .isEqualTo(new App.Health(Optional.empty(), Duration.ofSeconds(60)));
        assertThat(app.gracePeriod()).isEqualTo(Duration.ofSeconds(30));
        assertThat(app.resources()).isEqualTo(ModelResources.NONE);
        assertThat(app.scaling().min()).isEqualTo(1);
        assertThat(app.scaling().max()).isEqualTo(4);
        assertThat(app.scaling().policy()).isEqualTo(PolicyKind.CONCURRENCY);
        assertThat(app.container())
                .isEqualTo(
                        new ContainerSettings(
                                Optional.empty(), List.of(), 10_001, List.of(), List.of()));
        assertThat(app.pod()).isEqualTo(PodSettings.NONE);
    }

    @Test
    void reads_what_is_given() {
        App app =
                Yaml.only(
                        Yaml.APP
                                + """
                                  image: ghcr.io/school/portal:1.2
                                  args: [--port, $(PORT), 7]
                                  env: {LOG_LEVEL: info, WORKERS: 4, DEBUG: true}
                                  secrets:
                                    - env: API_KEY
                                    - {env: DB_PASSWORD, secretName: db, key: password}
                                  port: 3000
                                  health: {path: "/health?deep=1", startup: 2m}
                                  gracePeriod: 5s
                                  resources: {cpu: 500m, memory: 256Mi}
                                  scaling: {min: 2, max: 5, metrics: [{type: cpu, target: 70%}]}
                                  calls: ["https://api.example.com", "postgresql://db.data.svc", "kafka://k:9092"]
                                  writable: [/var/cache/portal]
                                  user: 1000
                                  pod: {labels: {team: web}}
                                """,
                        App.class);

        assertThat(app.env())
                .containsExactly(
                        Map.entry("LOG_LEVEL", "info"),
                        Map.entry("WORKERS", "4"),
                        Map.entry("DEBUG", "true"));
        assertThat(app.secrets())
                .containsExactly(
                        new App.Secret("API_KEY", Optional.empty(), Optional.empty()),
                        new App.Secret("DB_PASSWORD", Optional.of("db"), Optional.of("password")));
        assertThat(app.port()).isEqualTo(3000);
        assertThat(app.health())
                .isEqualTo(new App.Health(Optional.of("/health?deep=1"), Duration.ofMinutes(2)));
        assertThat(app.gracePeriod()).isEqualTo(Duration.ofSeconds(5));
        assertThat(app.container())
                .isEqualTo(
                        new ContainerSettings(
                                Optional.of("ghcr.io/school/portal:1.2"),
                                List.of("--port", "$(PORT)", "7"),
                                1000,
                                List.of("/var/cache/portal"),
                                List.of(
                                        URI.create("https://api.example.com:443"),
                                        URI.create("postgresql://db.data.svc:5432"),
                                        URI.create("kafka://k:9092"))));
        assertThat(app.scaling().policy()).isEqualTo(PolicyKind.HPA);
        assertThat(app.pod().labels()).containsEntry("team", "web");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    comand: [x]                    | spec.comand: '[...]' (expected: 'command'; known keys: command, image, args, env, secrets, port, health, gracePeriod, resources, scaling, calls, writable, user, pod)
                    args: [x]                      | spec.args: '[...]' (expected: no args without an image; a command has its own)
                    env: {PORT: 80}                | spec.env: '{...}' (expected: no PORT, which is set anyway)
                    env: {A-B: 1}                  | spec.env.A-B: 'A-B' (expected: the name of an environment variable such as OPENAI_API_KEY)
                    secrets: [{env: K, key: k}]    | spec.secrets[0].key: 'k' (expected: no key without a secretName)
                    secrets: [{env: K}, {env: K}]  | spec.secrets[1].env: 'K' (expected: a variable that is not set otherwise)
                    port: 0                        | spec.port: '0' (expected: a whole number from 1 to 65535)
                    health: {path: health}         | spec.health.path: 'health' (expected: a path such as /health)
                    user: 0                        | spec.user: '0' (expected: a whole number from 1 to 2147483647)
                    writable: [cache]              | spec.writable[0]: 'cache' (expected: a folder such as /var/cache/portal)
                    writable: [/a/../b]            | spec.writable[0]: '/a/../b' (expected: a folder such as /var/cache/portal)
                    calls: ["tcp://db"]            | spec.calls[0]: 'tcp://db' (expected: a server such as https://api.example.com or postgresql://db.data.svc:5432)
                    calls: ["http://a:70000"]      | spec.calls[0]: 'http://a:70000' (expected: a server such as https://api.example.com or postgresql://db.data.svc:5432)
                    scaling: {min: 3, max: 2}      | spec.scaling.min: '3' (expected: at most max, which is 2)
                    scaling: {kinds: [{name: a, requestsPerSecond: 1, pricePerHour: 1}]} | spec.scaling: '{...}' (expected: no kinds, which only a Model has)
                    """)
    void refuses_what_cannot_be_meant(String line, String problem) {
        assertThat(Yaml.problems(Yaml.APP + "  " + line + "\n"))
                .containsExactly("tidemill.yaml:6: App/portal " + problem);
    }

    @Test
    void needs_something_that_runs() {
        String neither = Yaml.APP.replace("command: [java, Portal.java]", "port: 80");
        String nothing = Yaml.APP.replace("[java, Portal.java]", "[]");

        assertThat(Yaml.problems(neither))
                .containsExactly(
                        "tidemill.yaml:4: App/portal spec.command: 'missing' (expected: a command,"
                                + " which this machine runs, or an image, which a cluster runs, or"
                                + " both)");
        assertThat(Yaml.problems(nothing))
                .containsExactly(
                        "tidemill.yaml:5: App/portal spec.command: '[]' (expected: a program first,"
                                + " such as [java, -jar, portal.jar])");
    }

    @Test
    void is_called_by_a_name_that_no_model_has() {
        String model = Yaml.MODEL.replace("name: digits", "name: portal");

        assertThat(Yaml.problems(Yaml.file(Yaml.APP, model)))
                .containsExactly(
                        "tidemill.yaml:9: Model/portal metadata.name: 'portal' (expected: a name that"
                                + " no Model and no other App has; the App on line 3 has it)");
        assertThat(Yaml.problems(Yaml.file(model, Yaml.APP)))
                .singleElement()
                .asString()
                .startsWith("tidemill.yaml:9: App/portal metadata.name: 'portal'");
    }

    @Test
    void is_different_in_an_environment() {
        String environment =
                """
                apiVersion: tidemill.dev/v1alpha1
                kind: Environment
                metadata: {name: prod}
                spec:
                  patches: [{kind: App, name: portal, spec: {image: "example.com/portal:2"}}]
                """;
        byte[] file = Yaml.file(Yaml.APP, environment).getBytes(StandardCharsets.UTF_8);

        App app = (App) SpecParser.parseIn("prod", Yaml.FILE, file).orThrow().getFirst();

        assertThat(app.container().image()).contains("example.com/portal:2");
    }

    @Test
    void fills_variables_into_words_as_kubernetes_does() {
        assertThat(
                        App.filled(
                                List.of("--port=$(PORT)", "$(NONE)", "$$(PORT)", "$PORT", "a\\b"),
                                Map.of("PORT", "80")))
                .containsExactly("--port=80", "$(NONE)", "$(PORT)", "$PORT", "a\\b");
    }

    @Test
    void gets_the_requests_of_routes() {
        String gateway =
                Yaml.GATEWAY
                        + """
                          routes:
                            - {path: /portal, app: portal, stripPath: true}
                            - {name: chat, models: [tiny], app: portal}
                            - {path: /new, upstreams: [{app: portal, weight: 9}, {url: "http://10.0.0.1"}]}
                        """;

        Gateway read = (Gateway) Yaml.parse(Yaml.file(Yaml.APP, gateway)).orThrow().getLast();

        assertThat(read.routes().getFirst().upstreams())
                .containsExactly(Route.Upstream.toApp("portal"));
        assertThat(read.routes().get(1).path()).isEmpty();
        assertThat(read.routes().get(2).upstreams().getFirst().app()).contains("portal");
        assertThat(read.routes().get(2).upstreams().getFirst().weight()).isEqualTo(9);
        assertThat(read.peers()).containsExactly(URI.create("http://10.0.0.1"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {path: /p, app: portl}                          | spec.routes[0].app: 'portl' (expected: an App of this file: portal; nearest: 'portal')
                    {path: /p, app: portal, model: digits}          | spec.routes[0].model: 'digits' (expected: left out where there is an app)
                    {path: /p, app: portal, upstreams: [{url: "http://a.b"}]} | spec.routes[0].app: 'portal' (expected: left out where there are upstreams)
                    {app: portal}                                   | spec.routes[0].path: 'missing' (expected: a path such as /predict, of /, letters, digits, '-', '.', '_' and '~', outside /v2, /health, /actuator or /metrics)
                    {path: /p, upstreams: [{app: portal, model: digits}]} | spec.routes[0].upstreams[0].url: 'missing' (expected: one of url, urls, model or app)
                    {path: /p, upstreams: [{app: portal, grpcPort: 1}]} | spec.routes[0].upstreams[0].grpcPort: '1' (expected: left out where there is an app)
                    {path: /p, upstreams: [{app: portal, provider: anthropic}]} | spec.routes[0].upstreams[0].provider: 'anthropic' (expected: openai for an app of this file)
                    """)
    void refuses_routes_that_lead_nowhere_or_to_two_places(String route, String problem) {
        String gateway = Yaml.GATEWAY + "  routes:\n  - " + route + "\n";

        assertThat(Yaml.problems(Yaml.file(Yaml.APP, Yaml.MODEL, gateway)))
                .containsExactly("tidemill.yaml:19: Gateway/gateway " + problem);
    }
}
