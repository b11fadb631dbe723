package dev.tidemill.sources.kafka;

import dev.tidemill.spec.scaling.KafkaLag;
import dev.tidemill.spec.scaling.KafkaLag.Mechanism;
import dev.tidemill.spec.scaling.KafkaLag.Sasl;
import dev.tidemill.spec.scaling.KafkaLag.Tls;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What Kafka's client is told.
final class ClientProperties {
    private static final String PEM = "PEM";
    private static final String PLAIN_LOGIN =
            "org.apache.kafka.common.security.plain.PlainLoginModule";
    private static final String SCRAM_LOGIN =
            "org.apache.kafka.common.security.scram.ScramLoginModule";

    private ClientProperties() {}

    /// @param id of this client among those of the process
    /// @param limitMillis after which a request has failed
    static Map<String, Object> of(KafkaLag lag, KafkaSecrets secrets, String id, int limitMillis)
            throws IOException {
        Map<String, Object> client = new HashMap<>();
        client.put("bootstrap.servers", lag.servers());
        client.put("client.id", id);
        client.put("default.api.timeout.ms", limitMillis);
        client.put("request.timeout.ms", limitMillis);
        client.put("socket.connection.setup.timeout.ms", 2_000);
        client.put("socket.connection.setup.timeout.max.ms", 10_000);
        client.put("reconnect.backoff.ms", 200);
        client.put("reconnect.backoff.max.ms", 1_000);
        // Nobody reads its own figures, nor is to send them on.
        client.put("metric.reporters", List.of());
        client.put("enable.metrics.push", false);
        boolean tls = lag.access().tls().isPresent();
        boolean sasl = lag.access().sasl().isPresent();
        client.put("security.protocol", (sasl ? "SASL_" : "") + (tls ? "SSL" : "PLAINTEXT"));
        if (tls) {
            tls(client, lag.access().tls().orElseThrow(), secrets);
        }
        if (sasl) {
            sasl(client, lag.access().sasl().orElseThrow(), secrets);
        }
        return client;
    }

    private static void tls(Map<String, Object> client, Tls tls, KafkaSecrets secrets)
            throws IOException {
        if (tls.ca().isPresent()) {
            client.put("ssl.truststore.type", PEM);
            client.put("ssl.truststore.certificates", secrets.file(tls.ca().get()));
        }
        if (tls.certificate().isPresent() && tls.key().isPresent()) {
            client.put("ssl.keystore.type", PEM);
            client.put("ssl.keystore.certificate.chain", secrets.file(tls.certificate().get()));
            client.put("ssl.keystore.key", secrets.file(tls.key().get()));
        }
    }

    private static void sasl(Map<String, Object> client, Sasl sasl, KafkaSecrets secrets)
            throws IOException {
        client.put("sasl.mechanism", sasl.mechanism().word());
        client.put(
                "sasl.jaas.config",
                "%s required username=\"%s\" password=\"%s\";"
                        .formatted(
                                sasl.mechanism() == Mechanism.PLAIN ? PLAIN_LOGIN : SCRAM_LOGIN,
                                quoted(sasl.user()),
                                quoted(secrets.text(sasl.password()))));
    }

    private static String quoted(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
