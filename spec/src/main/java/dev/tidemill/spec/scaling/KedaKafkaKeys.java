package dev.tidemill.spec.scaling;

import dev.tidemill.spec.yaml.Form;
import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Presence;
import dev.tidemill.spec.yaml.ValueType;
import dev.tidemill.spec.yaml.ValueTypes;
import dev.tidemill.spec.yaml.YamlNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What `metadata` of KEDA's trigger `kafka` may have.
final class KedaKafkaKeys {
    static final Key.Value<String> BOOTSTRAP =
            new Key.Value<>(
                    "bootstrapServers",
                    KafkaKeys.servers(),
                    Presence.optional("what `sources` calls `lag`"),
                    "Of Kafka, separated by commas.");
    static final Key.Value<String> GROUP =
            new Key.Value<>(
                    "consumerGroup",
                    ValueTypes.text("a consumer group", 255),
                    Presence.optional("required with `bootstrapServers`"),
                    "Whose lag it is.");
    static final Key.Value<String> TOPIC =
            new Key.Value<>(
                    "topic",
                    KafkaKeys.topic(),
                    Presence.optional("all of the group's"),
                    "Of which topic.");
    static final Key.Value<PartitionRanges> PARTITIONS =
            new Key.Value<>(
                    "partitionLimitation",
                    KafkaKeys.partitions(),
                    Presence.optional("all"),
                    "Partitions that count.");
    static final Key.Value<Boolean> EARLIEST =
            new Key.Value<>(
                    "offsetResetPolicy",
                    ValueTypes.choice(
                            List.of(Map.entry("latest", false), Map.entry("earliest", true))),
                    Presence.otherwise("latest"),
                    "A partition to which nothing was committed counts 1, or all of its messages.");
    static final Key.Value<Boolean> ZERO =
            flag("scaleToZeroOnInvalidOffset", "Such a partition counts nothing.");
    static final Key.Value<Boolean> IDLE =
            flag("allowIdleConsumers", "There may be more replicas than partitions.");
    static final Key.Value<Boolean> WITH_LAG =
            flag(
                    "limitToPartitionsWithLag",
                    "No more replicas than partitions that have a lag; not with"
                            + " `allowIdleConsumers`, and with `topic`.");
    static final Key.Value<Boolean> EVEN =
            flag(
                    "ensureEvenDistributionOfPartitions",
                    "As many replicas as divide the number of partitions; not with"
                            + " `limitToPartitionsWithLag`.");
    static final Key.Value<Boolean> PERSISTENT =
            flag(
                    "excludePersistentLag",
                    "A partition whose committed offset has not moved for `pollingInterval` does not"
                            + " count, but keeps the trigger active.");
    static final Key.Value<String> VERSION =
            new Key.Value<>(
                    "version",
                    ValueTypes.word("Kafka's version", 20),
                    Presence.optional("negotiated"),
                    "For KEDA; here it is always negotiated.");
    static final Key.Value<Boolean> TLS =
            new Key.Value<>(
                    "tls",
                    ValueTypes.choice(
                            List.of(Map.entry("disable", false), Map.entry("enable", true))),
                    Presence.otherwise("disable"),
                    "Whether connections are encrypted. With a certificate of one's own, or another"
                            + " authority than the JVM's: by a source of the trigger's name.");
    static final Key.Value<String> SASL =
            new Key.Value<>(
                    "sasl",
                    ValueTypes.choice(
                            List.of(
                                    Map.entry("none", "none"),
                                    Map.entry("plaintext", "plaintext"),
                                    Map.entry("scram_sha256", "scram_sha256"),
                                    Map.entry("scram_sha512", "scram_sha512"),
                                    Map.entry("oauthbearer", "oauthbearer"),
                                    Map.entry("gssapi", "gssapi"))),
                    Presence.otherwise("none"),
                    "For KEDA, which has names and passwords in a TriggerAuthentication; what is read"
                            + " here has them in a source of the trigger's name.");

    static final Key.Value<String> AUTHENTICATION =
            new Key.Value<>(
                    "name",
                    ValueTypes.name(),
                    Presence.required(),
                    "Of a TriggerAuthentication in the namespace.");

    private KedaKafkaKeys() {}

    /// KEDA's metadata are texts: Kubernetes refuses one that is not.
    private static Key.Value<Boolean> flag(String name, String meaning) {
        return new Key.Value<>(name, quoted(), Presence.otherwise("false"), meaning);
    }

    private static ValueType<Boolean> quoted() {
        return new ValueType<>(
                        "\"true\" or \"false\", in quotes as KEDA has it",
                        false,
                        scalar ->
                                scalar.type() == YamlNode.Type.TEXT
                                                && List.of("true", "false").contains(scalar.text())
                                        ? Optional.of(scalar.text().equals("true"))
                                        : Optional.empty())
                .as(new Form.Words(List.of("true", "false")));
    }
}
