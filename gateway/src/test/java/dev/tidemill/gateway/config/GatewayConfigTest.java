package dev.tidemill.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.TidemillException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GatewayConfigTest {
    private static final String LINE =
            """
            {"name":"gateway","host":"127.0.0.1","port":8080,"adminPort":0,
             "routes":[{"path":"/predict","model":"intents"}],
             "maxBodyBytes":33554432,"requestTimeoutMillis":30000,"waitForReplicaMillis":10000,"drainMillis":2000,
             "models":[
              {"name":"digits","pool":"digits","replicas":[{"id":"digits-1","url":"http://127.0.0.1:43111"}]},
              {"name":"intents","pool":"digits","replicas":[]}],
             "a key of a later version":1}
            """;

    @Test
    void every_key_is_read() {
        GatewayConfig config = GatewayConfig.parse(LINE);
        assertThat(config)
                .isEqualTo(
                        new GatewayConfig(
                                "gateway",
                                "127.0.0.1",
                                8080,
                                0,
                                List.of(new GatewayConfig.Route("/predict", "intents")),
                                33_554_432,
                                30_000,
                                10_000,
                                2000,
                                List.of(
                                        new GatewayConfig.Model(
                                                "digits",
                                                "digits",
                                                List.of(
                                                        new GatewayConfig.Replica(
                                                                "digits-1",
                                                                URI.create(
                                                                        "http://127.0.0.1:43111"))),
                                                Optional.empty()),
                                        new GatewayConfig.Model(
                                                "intents", "digits", List.of(), Optional.empty())),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    "port":8080             | "port":70000          | port: '70000'
                    "adminPort":0           | "adminPort":-1        | adminPort: '-1'
                    "maxBodyBytes":33554432 | "maxBodyBytes":-1     | maxBodyBytes: '-1'
                    "requestTimeoutMillis":30000 | "requestTimeoutMillis":0 | requestTimeoutMillis: '0'
                    "waitForReplicaMillis":10000 | "waitForReplicaMillis":-1 | waitForReplicaMillis: '-1'
                    "drainMillis":2000      | "drainMillis":-1      | drainMillis: '-1'
                    "name":"intents"        | "name":"Intents"      | models.name: 'Intents'
                    "name":"intents"        | "name":"digits"       | models.digits: 'digits' (expected: each model once)
                    "model":"intents"       | "model":"iris"        | routes.model: 'iris'
                    /predict                | predict               | routes.path: 'predict'
                    /predict                | /a?b                  | routes.path: '/a?b'
                    "id":"digits-1"         | "id":"a b"            | models.digits.replicas.id: 'a b'
                    http://127.0.0.1:43111  | https://127.0.0.1:43111 | (expected: http://HOST:PORT)
                    http://127.0.0.1:43111  | http://127.0.0.1      | (expected: http://HOST:PORT)
                    http://127.0.0.1:43111  | http://127.0.0.1:1/x  | (expected: http://HOST:PORT)
                    http://127.0.0.1:43111  | digits-1              | (expected: http://HOST:PORT)
                    "host":"127.0.0.1",     | ''                    | host
                    "port":8080,            | ''                    | port
                    "drainMillis":2000      | "drainMillis":"soon"  | drainMillis
                    """)
    void a_problem_is_named(String given, String instead, String problem) {
        assertThat(LINE).contains(given);
        assertThatThrownBy(() -> GatewayConfig.parse(LINE.replace(given, instead)))
                .isInstanceOf(TidemillException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void all_problems_are_named_at_once() {
        assertThatThrownBy(
                        () -> GatewayConfig.parse(LINE.replace("8080", "-1").replace("2000", "-2")))
                .hasMessageContaining("port: '-1'")
                .hasMessageContaining("drainMillis: '-2'");
    }

    @Test
    void what_listens_cannot_change() {
        GatewayConfig config = GatewayConfig.parse(LINE);
        assertThat(config.parseUpdate(LINE.replace("30000", "1")).requestTimeoutMillis())
                .isEqualTo(1);
        for (String[] change :
                new String[][] {
                    {"8080", "8081"},
                    {"\"adminPort\":0", "\"adminPort\":1"},
                    {"\"host\":\"127.0.0.1\"", "\"host\":\"0.0.0.0\""},
                    {"33554432", "5"},
                    {"\"gateway\"", "\"other\""}
                }) {
            assertThatThrownBy(() -> config.parseUpdate(LINE.replace(change[0], change[1])))
                    .isInstanceOf(TidemillException.class)
                    .hasMessageContaining("as at the start");
        }
    }
}
