package dev.tidemill.spec.scaling;

import dev.tidemill.spec.scaling.KafkaLag.Access;
import dev.tidemill.spec.scaling.KafkaLag.Sasl;
import dev.tidemill.spec.scaling.KafkaLag.SecretText;
import dev.tidemill.spec.scaling.KafkaLag.Tls;
import dev.tidemill.spec.yaml.MappingCursor;
import java.util.Optional;

/// Reads `kafka` of a source.
final class KafkaReader {
    private KafkaReader() {}

    static KafkaLag read(MappingCursor source) {
        MappingCursor kafka = source.child(KafkaKeys.KAFKA);
        return new KafkaLag(
                kafka.get(KafkaKeys.BOOTSTRAP),
                kafka.get(KafkaKeys.GROUP),
                kafka.find(KafkaKeys.TOPIC_NAME),
                kafka.find(KafkaKeys.PARTITIONS).orElse(PartitionRanges.ALL),
                kafka.get(KafkaKeys.RESET),
                Optional.empty(),
                Optional.empty(),
                new Access(tls(kafka), sasl(kafka)));
    }

    private static Optional<Tls> tls(MappingCursor kafka) {
        MappingCursor tls = kafka.child(KafkaKeys.TLS);
        Tls read =
                new Tls(
                        tls.find(KafkaKeys.CA),
                        tls.find(KafkaKeys.CERTIFICATE),
                        tls.find(KafkaKeys.CERTIFICATE_KEY));
        if (tls.has(KafkaKeys.CERTIFICATE) != tls.has(KafkaKeys.CERTIFICATE_KEY)) {
            tls.problem(KafkaKeys.CERTIFICATE_KEY, "given with a certificate, and only with one");
        }
        return kafka.has(KafkaKeys.TLS) ? Optional.of(read) : Optional.empty();
    }

    private static Optional<Sasl> sasl(MappingCursor kafka) {
        MappingCursor sasl = kafka.child(KafkaKeys.SASL);
        MappingCursor password = sasl.child(KafkaKeys.PASSWORD);
        Sasl read =
                new Sasl(
                        sasl.get(KafkaKeys.MECHANISM),
                        sasl.get(KafkaKeys.USER),
                        new SecretText(
                                password.find(KafkaKeys.ENV), password.find(KafkaKeys.FILE)));
        if (sasl.has(KafkaKeys.PASSWORD)
                && sasl.isSound(KafkaKeys.PASSWORD)
                && password.has(KafkaKeys.ENV) == password.has(KafkaKeys.FILE)) {
            password.problem(KafkaKeys.ENV, "one of env or file");
        }
        return kafka.has(KafkaKeys.SASL) ? Optional.of(read) : Optional.empty();
    }
}
