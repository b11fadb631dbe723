package dev.tidemill.spec.scaling;

import dev.tidemill.spec.scaling.KafkaLag.Mechanism;
import dev.tidemill.spec.yaml.Form;
import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Presence;
import dev.tidemill.spec.yaml.Shape;
import dev.tidemill.spec.yaml.ValueType;
import dev.tidemill.spec.yaml.ValueTypes;
import dev.tidemill.spec.yaml.YamlNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The keys of a source's `kafka`.
final class KafkaKeys {
    private static final Pattern SERVERS =
            Pattern.compile(
                    "[A-Za-z0-9.\\[\\]:_-]+:[0-9]{1,5}(, ?[A-Za-z0-9.\\[\\]:_-]+:[0-9]{1,5})*");
    private static final int SERVERS_LENGTH = 6000;
    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,199}");

    static final Key.Value<String> BOOTSTRAP =
            new Key.Value<>(
                    "bootstrapServers",
                    servers(),
                    Presence.required(),
                    "Brokers to begin with, separated by commas.");
    static final Key.Value<String> GROUP =
            new Key.Value<>(
                    "group",
                    ValueTypes.text("a consumer group", 255),
                    Presence.required(),
                    "Whose lag it is.");
    static final Key.Value<String> TOPIC_NAME =
            new Key.Value<>(
                    "topic", topic(), Presence.optional("all of the group's"), "Of which topic.");
    static final Key.Value<PartitionRanges> PARTITIONS =
            new Key.Value<>("partitions", partitions(), Presence.optional("all"), "That count.");
    static final Key.Value<KafkaLag.Reset> RESET =
            new Key.Value<>(
                    "offsetReset",
                    ValueTypes.choice(
                            List.of(
                                    Map.entry("latest", KafkaLag.Reset.LATEST),
                                    Map.entry("earliest", KafkaLag.Reset.EARLIEST),
                                    Map.entry("none", KafkaLag.Reset.LATEST_ZERO))),
                    Presence.otherwise("latest"),
                    "A partition to which nothing was committed counts 1 with `latest`, all of its"
                            + " messages with `earliest`, and 0 with `none`.");

    static final Key.Value<String> CA = file("ca", "what the JVM trusts", "Who signs the brokers'");
    static final Key.Value<String> CERTIFICATE =
            file("certificate", "none", "Shown to brokers that ask: a certificate with its chain");
    static final Key.Value<String> CERTIFICATE_KEY =
            file("key", "required with `certificate`", "Of the certificate, in PKCS#8");
    static final Key.Section TLS =
            new Key.Section(
                    "tls",
                    Shape.of(CA, CERTIFICATE, CERTIFICATE_KEY),
                    Presence.optional("not encrypted"),
                    "Of the connections to the brokers; `{}` for TLS as the JVM trusts it.");

    static final Key.Value<Mechanism> MECHANISM =
            new Key.Value<>(
                    "mechanism",
                    ValueTypes.choice(
                            Mechanism.all().stream()
                                    .map(one -> Map.entry(one.word().toLowerCase(Locale.ROOT), one))
                                    .toList()),
                    Presence.required(),
                    "How we show who we are.");
    static final Key.Value<String> USER =
            new Key.Value<>(
                    "user", ValueTypes.text("a name", 200), Presence.required(), "Of Kafka.");
    static final Key.Value<String> ENV =
            new Key.Value<>(
                    "env",
                    ValueTypes.matching(
                                    "the name of an environment variable such as KAFKA_PASSWORD",
                                    "X",
                                    text -> VARIABLE.matcher(text).matches())
                            .as(Form.matching(VARIABLE, 200)),
                    Presence.optional("one of `env` or `file`"),
                    "Environment variable with the password.");
    static final Key.Value<String> FILE =
            new Key.Value<>(
                    "file",
                    ValueTypes.text("a path", 1000),
                    Presence.optional(),
                    "File with the password; relative to the folder of this file.");
    static final Key.Section PASSWORD =
            new Key.Section(
                    "password",
                    Shape.of(ENV, FILE),
                    Presence.required(),
                    "Of the user. On Kubernetes it is in the operator's Secret for sources.");
    static final Key.Section SASL =
            new Key.Section(
                    "sasl",
                    Shape.of(MECHANISM, USER, PASSWORD),
                    Presence.optional("nobody asks who we are"),
                    "Who we are.");

    static final Key.Section KAFKA =
            new Key.Section(
                    "kafka",
                    Shape.of(BOOTSTRAP, GROUP, TOPIC_NAME, PARTITIONS, RESET, TLS, SASL),
                    Presence.optional("one of `server` or `kafka`"),
                    "The lag of a consumer group of Kafka, in messages, read from the brokers every"
                            + " 5 s.");

    private KafkaKeys() {}

    static ValueType<String> servers() {
        return ValueTypes.matching(
                        "brokers such as kafka-0:9092,kafka-1:9092",
                        "127.0.0.1:9092",
                        text -> text.length() <= SERVERS_LENGTH && SERVERS.matcher(text).matches())
                .as(Form.matching(SERVERS, SERVERS_LENGTH));
    }

    static ValueType<String> topic() {
        return ValueTypes.matching(
                        "the name of a topic", "topic", text -> TOPIC.matcher(text).matches())
                .as(Form.matching(TOPIC, 249));
    }

    static ValueType<PartitionRanges> partitions() {
        return new ValueType<>(
                        PartitionRanges.EXPECTED,
                        PartitionRanges.ALL,
                        scalar -> {
                            try {
                                return scalar.type() == YamlNode.Type.TEXT
                                        ? Optional.of(PartitionRanges.parse(scalar.text()))
                                        : Optional.empty();
                            } catch (IllegalArgumentException _) {
                                return Optional.empty();
                            }
                        })
                .as(Form.matching(PartitionRanges.FORM, 1000));
    }

    private static Key.Value<String> file(String name, String otherwise, String meaning) {
        return new Key.Value<>(
                name,
                ValueTypes.text("a path", 1000),
                Presence.optional(otherwise),
                meaning + "; a file in PEM, relative to the folder of this file.");
    }
}
