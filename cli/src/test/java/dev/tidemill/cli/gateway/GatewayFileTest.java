package dev.tidemill.cli.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.config.AnswerRules;
import dev.tidemill.gateway.config.GatewayConfig;
import dev.tidemill.gateway.config.GatewayRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GatewayFileTest {
    private static final String HEAD =
            """
            apiVersion: tidemill.dev/v1alpha1
            kind: Gateway
            metadata: {name: front}
            spec:
            """;
    private static final String CHAT =
            HEAD
                    + """
                      routes:
                      - models: [gpt-4o]
                        upstreams: [{url: "http://127.0.0.1:9000", key: {file: key.txt}}]
                      access: {keys: [{name: alice, secrets: [{hash: "sha256:%s"}]}]}
                      limits: {rates: [{per: [key], requestsPerMinute: 60, requestBurst: 5}]}
                    """
                            .formatted("ab".repeat(32));

    @TempDir private Path folder = Path.of("");
    private Path file = Path.of("");

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("gateway.yaml");
        Files.writeString(file, CHAT);
        Files.writeString(folder.resolve("key.txt"), "sk-1");
    }

    @Test
    void becomes_a_configuration_with_what_the_command_line_says() {
        GatewayConfig config =
                new GatewayFile(
                                file,
                                new GatewayFile.Listening(
                                        Optional.empty(),
                                        Optional.of(8123),
                                        9090,
                                        Optional.of("127.0.0.2")))
                        .read()
                        .checked();

        assertThat(config.name()).isEqualTo("front");
        assertThat(config.host()).isEqualTo("127.0.0.1");
        assertThat(config.port()).isEqualTo(8123);
        assertThat(config.adminPort()).isEqualTo(9090);
        assertThat(config.adminHost()).hasValue("127.0.0.2");
        GatewayRules rules = config.rules().orElseThrow();
        assertThat(rules.routes().getFirst().models()).containsExactly("gpt-4o");
        assertThat(rules.routes().getFirst().upstreams().getFirst().key().orElseThrow().file())
                .hasValue(folder.resolve("key.txt").toString());
        assertThat(rules.limits().getFirst().requests()).hasValue(new GatewayRules.Rate(60, 5));
    }

    @Test
    void an_admin_port_that_other_machines_reach_wants_a_key() {
        GatewayFile open =
                new GatewayFile(
                        file,
                        new GatewayFile.Listening(
                                Optional.empty(), Optional.of(0), 0, Optional.of("0.0.0.0")));
        assertThatThrownBy(() -> open.read().checked())
                .isInstanceOf(TidemillException.class)
                .hasMessageContaining("access.adminKeys: 'missing' (expected: a key");
    }

    @Test
    void says_all_of_who_pays_who_shares_and_who_is_believed() throws IOException {
        Files.writeString(
                file,
                HEAD
                        + """
                          listeners: [{tls: {certificate: tls.crt, key: /etc/tls.key}}]
                          routes: [{models: [m], upstreams: [{url: "http://127.0.0.1:9000"}]}]
                          prices: {models: [{names: [m], input: 0.075, output: 0.3}]}
                          limits:
                            connectionsPerClient: 7
                            rates: [{costPerDay: 20.5, zone: Europe/Berlin}]
                            shared: {redis: "redis://127.0.0.1", password: {file: redis.txt}}
                          access:
                            jwt: [{issuer: "https://login.example.com", audience: [tidemill]}]
                        """);
        GatewayConfig config = source().read();

        assertThat(config.tls())
                .hasValue(
                        new GatewayConfig.TlsFiles(
                                folder.resolve("tls.crt").toString(), "/etc/tls.key"));
        GatewayRules rules = config.checked().rules().orElseThrow();
        assertThat(rules.prices().models())
                .containsExactly(
                        new GatewayRules.ModelPrice(
                                java.util.List.of("m"), 75_000_000, 75_000_000, 300_000_000));
        assertThat(rules.limits().getFirst().budget())
                .hasValue(new GatewayRules.Budget(20_500_000_000L, "Europe/Berlin"));
        assertThat(rules.shared().orElseThrow().password().orElseThrow().file())
                .hasValue(folder.resolve("redis.txt").toString());
        assertThat(rules.access().jwt().getFirst().issuer()).isEqualTo("https://login.example.com");
        assertThat(rules.access().connectionsPerClient()).hasValue(7);
    }

    @Test
    void says_where_grpc_is_spoken_and_the_command_line_may_say_otherwise() throws IOException {
        Files.writeString(
                file,
                HEAD
                        + """
                          listeners: [{grpcPort: 8081}]
                          routes:
                          - {models: [m], upstreams: [{urls: ["http://10.0.0.1", "http://10.0.0.2"], grpcPort: 8001}]}
                        """);

        GatewayConfig config = source().read().checked();
        assertThat(config.grpcPort()).hasValue(8081);
        assertThat(
                        config.rules()
                                .orElseThrow()
                                .routes()
                                .getFirst()
                                .upstreams()
                                .getFirst()
                                .grpcPort())
                .hasValue(8001);
        GatewayFile other =
                new GatewayFile(
                        file,
                        new GatewayFile.Listening(
                                Optional.empty(),
                                Optional.empty(),
                                0,
                                Optional.empty(),
                                Optional.of(0)));
        assertThat(other.read().grpcPort()).hasValue(0);
    }

    @Test
    void an_audit_log_lies_beside_the_file() throws IOException {
        Files.writeString(file, CHAT + "  audit: {payloadPercent: 1}\n");

        assertThat(source().read().rules().orElseThrow().orNoAnswers().audit())
                .hasValue(
                        new AnswerRules.Audit(
                                Optional.of(folder.resolve("audit.jsonl").toString()),
                                Optional.empty(),
                                Optional.empty(),
                                64 << 20,
                                5,
                                0.01,
                                4096));
    }

    @Test
    void is_new_when_it_or_a_key_that_it_names_has_changed() throws IOException {
        GatewayFile source = source();
        source.read();
        assertThat(source.changed()).isEmpty();

        Files.writeString(file, CHAT.replace("gpt-4o", "gpt-5"));
        assertThat(
                        source.changed()
                                .orElseThrow()
                                .rules()
                                .orElseThrow()
                                .routes()
                                .getFirst()
                                .models())
                .containsExactly("gpt-5");
        assertThat(source.changed()).isEmpty();

        Files.writeString(folder.resolve("key.txt"), "sk-2");
        assertThat(source.changed()).isPresent();
        assertThat(source.changed()).isEmpty();
    }

    @Test
    void problems_are_told_once_for_each_change() throws IOException {
        GatewayFile source = source();
        source.read();
        Files.writeString(file, CHAT.replace("upstreams", "upsteams"));
        assertThatThrownBy(source::changed)
                .isInstanceOf(TidemillException.class)
                .hasMessageContaining(
                        "gateway.yaml:7: Gateway/front spec.routes[0].upsteams: '[...]' (expected:"
                                + " 'upstreams'");
        assertThat(source.changed()).isEmpty();
        Files.delete(file);
        assertThatThrownBy(source::changed).hasMessageContaining("a readable YAML file");
        assertThat(source.changed()).isEmpty();
        Files.writeString(file, CHAT);
        assertThat(source.changed()).isPresent();
    }

    @Test
    void models_of_the_file_are_for_up() throws IOException {
        Files.writeString(
                file,
                HEAD
                        + "  routes: [{path: /predict, model: digits}]\n---\n"
                        + """
                        apiVersion: tidemill.dev/v1alpha1
                        kind: Model
                        metadata: {name: digits}
                        spec: {source: digits}
                        """);
        assertThatThrownBy(() -> source().read())
                .hasMessage(
                        "gateway.yaml:5: Gateway/front spec.routes[0].model: 'digits' (expected:"
                                + " upstreams by url: `tidemill gateway` starts nothing, `tidemill"
                                + " up` does)");
    }

    private GatewayFile source() {
        return new GatewayFile(
                file,
                new GatewayFile.Listening(Optional.empty(), Optional.empty(), 0, Optional.empty()));
    }
}
