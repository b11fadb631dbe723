package dev.tidemill.spec.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.common.Problem;
import dev.tidemill.scaling.Signal;
import dev.tidemill.scaling.Signals;
import dev.tidemill.spec.Model;
import dev.tidemill.spec.ParsedSpec;
import dev.tidemill.spec.SpecParser;
import dev.tidemill.spec.scaling.KafkaLag.Access;
import dev.tidemill.spec.scaling.KafkaLag.Bound;
import dev.tidemill.spec.scaling.KafkaLag.Mechanism;
import dev.tidemill.spec.scaling.KafkaLag.Reset;
import dev.tidemill.spec.scaling.KafkaLag.Sasl;
import dev.tidemill.spec.scaling.KafkaLag.SecretText;
import dev.tidemill.spec.scaling.KafkaLag.Tls;
import dev.tidemill.spec.scaling.MetricSource.Kafka;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class KafkaSourcesTest {
    private static final String LAG =
            "sources: [{name: lag, kafka: {bootstrapServers: \"k-0:9092,k-1:9092\", group: jobs%s}}]";

    @Test
    void a_source_of_kafka_is_the_lag_that_rules_go_by() {
        Scaling scaling = read("rules: [{metric: lag, threshold: 50}]\n" + LAG.formatted(""));
        Kafka source = source(scaling);
        assertThat(source.signal()).contains(Signal.LAG);
        assertThat(source.lag())
                .isEqualTo(
                        new KafkaLag(
                                "k-0:9092,k-1:9092",
                                "jobs",
                                Optional.empty(),
                                PartitionRanges.ALL,
                                Reset.LATEST,
                                Optional.empty(),
                                Optional.empty(),
                                Access.PLAIN));
        assertThat(Policies.of(scaling).start().decide(lag(1, 101)).replicas()).isEqualTo(3);
    }

    @Test
    void what_is_secret_is_named_and_not_said() {
        Kafka source =
                source(
                        read(
                                LAG.formatted(
                                        ", topic: orders, partitions: \"0,3-5\", offsetReset: earliest,"
                                                + " tls: {ca: ca.pem, certificate: our.pem, key: our.key},"
                                                + " sasl: {mechanism: scram-sha-512, user: us, password:"
                                                + " {env: KAFKA_PASSWORD}}")));
        assertThat(source.lag().access())
                .isEqualTo(
                        new Access(
                                Optional.of(
                                        new Tls(
                                                Optional.of("ca.pem"),
                                                Optional.of("our.pem"),
                                                Optional.of("our.key"))),
                                Optional.of(
                                        new Sasl(
                                                Mechanism.SCRAM_SHA_512,
                                                "us",
                                                new SecretText(
                                                        Optional.of("KAFKA_PASSWORD"),
                                                        Optional.empty())))));
        PartitionRanges partitions = source.lag().partitions();
        assertThat(List.of(0, 1, 2, 3, 5, 6).stream().filter(partitions::contains))
                .containsExactly(0, 3, 5);
    }

    @Test
    void wrong_sources_say_what_is_wrong() {
        assertThat(problems("sources: [{name: lag}]"))
                .containsExactly(
                        "spec.scaling.sources[0].server: 'missing' (expected: one of server or kafka)");
        assertThat(problems(LAG.formatted(", tls: {certificate: our.pem}")))
                .containsExactly(
                        "spec.scaling.sources[0].kafka.tls.key: 'missing' (expected: given with a"
                                + " certificate, and only with one)");
        assertThat(problems(LAG.formatted(", sasl: {mechanism: plain, user: us, password: {}}")))
                .containsExactly(
                        "spec.scaling.sources[0].kafka.sasl.password.env: 'missing' (expected: one of"
                                + " env or file)");
        assertThat(problems(LAG.formatted(", partitions: \"5-3\""))).hasSize(1);
        assertThat(problems("sources: [{name: lag, kafka: {bootstrapServers: kafka, group: g}}]"))
                .containsExactly(
                        "spec.scaling.sources[0].kafka.bootstrapServers: 'kafka' (expected: brokers such"
                                + " as kafka-0:9092,kafka-1:9092)");
    }

    @Test
    void a_trigger_of_keda_is_read_by_its_own_keys() {
        Scaling scaling =
                keda(
                        "bootstrapServers: \"k:9092\", consumerGroup: jobs, topic: orders, lagThreshold:"
                                + " \"50\", activationLagThreshold: \"5\", offsetResetPolicy: earliest,"
                                + " limitToPartitionsWithLag: \"true\", excludePersistentLag: \"true\","
                                + " partitionLimitation: \"0-9\", version: 2.0.0, tls: enable");
        Kafka source = source(scaling);
        assertThat(source.name()).isEqualTo("kafka");
        assertThat(source.lag())
                .isEqualTo(
                        new KafkaLag(
                                "k:9092",
                                "jobs",
                                Optional.of("orders"),
                                new PartitionRanges(List.of(new PartitionRanges.Range(0, 9))),
                                Reset.EARLIEST,
                                Optional.of(Duration.ofSeconds(30)),
                                Optional.of(new Bound(50, true, false)),
                                new Access(
                                        Optional.of(
                                                new Tls(
                                                        Optional.empty(),
                                                        Optional.empty(),
                                                        Optional.empty())),
                                        Optional.empty())));
        assertThat(scaling.keda().forms().getFirst().metadata())
                .isEqualTo(
                        Map.ofEntries(
                                Map.entry("bootstrapServers", "k:9092"),
                                Map.entry("consumerGroup", "jobs"),
                                Map.entry("topic", "orders"),
                                Map.entry("lagThreshold", "50"),
                                Map.entry("activationLagThreshold", "5"),
                                Map.entry("offsetResetPolicy", "earliest"),
                                Map.entry("limitToPartitionsWithLag", "true"),
                                Map.entry("excludePersistentLag", "true"),
                                Map.entry("partitionLimitation", "0-9"),
                                Map.entry("version", "2.0.0"),
                                Map.entry("tls", "enable")));
    }

    @Test
    void idle_consumers_end_the_bound_by_partitions() {
        String lag = "bootstrapServers: \"k:9092\", consumerGroup: jobs, topic: orders";
        assertThat(source(keda(lag)).lag().bound()).contains(new Bound(10, false, false));
        assertThat(source(keda(lag + ", allowIdleConsumers: \"true\"")).lag().bound()).isEmpty();
    }

    @Test
    void a_trigger_is_awake_by_all_of_the_lag_and_counts_what_is_left_of_it() {
        Scaling scaling =
                keda(
                        "bootstrapServers: \"k:9092\", consumerGroup: jobs, activationLagThreshold: \"5\"");
        Signals seen =
                Signals.at(1_000_000, 0, 0).with("kafka", 0).with(Kafka.whole("kafka"), 60).build();
        assertThat(Policies.of(scaling).start().decide(seen).replicas()).isEqualTo(1);
    }

    @Test
    void a_trigger_whose_secrets_keda_has_is_read_by_a_source_of_its_name() {
        String metadata =
                "bootstrapServers: \"k:9092\", consumerGroup: jobs, sasl: scram_sha512, tls: enable";
        assertThat(problems(kedaText(metadata, ", authenticationRef: {name: kafka-user}")))
                .hasSize(2)
                .allSatisfy(
                        problem -> assertThat(problem).contains("a source 'kafka' under sources"));
        Scaling scaling =
                read(
                        kedaText(metadata, ", authenticationRef: {name: kafka-user}")
                                + "sources: [{name: kafka, kafka: {bootstrapServers: \"k:9092\", group:"
                                + " jobs, sasl: {mechanism: scram-sha-512, user: us, password: {file:"
                                + " word}}}}]\n");
        assertThat(scaling.sources()).hasSize(1);
        assertThat(source(scaling).lag().access().sasl()).isPresent();
        assertThat(source(scaling).lag().bound()).contains(new Bound(10, false, false));
        assertThat(scaling.keda().forms().getFirst().authentication()).contains("kafka-user");
    }

    @Test
    void what_keda_refuses_together_is_refused() {
        assertThat(
                        problems(
                                kedaText(
                                        "bootstrapServers: \"k:9092\", consumerGroup: jobs,"
                                                + " allowIdleConsumers: \"true\","
                                                + " limitToPartitionsWithLag: \"true\"",
                                        "")))
                .hasSize(2);
        assertThat(problems(kedaText("bootstrapServers: \"k:9092\", allowIdleConsumers: true", "")))
                .containsExactlyInAnyOrder(
                        "spec.scaling.keda.triggers[0].metadata.consumerGroup: 'missing' (expected:"
                                + " given with bootstrapServers)",
                        "spec.scaling.keda.triggers[0].metadata.allowIdleConsumers: 'true' (expected:"
                                + " \"true\" or \"false\", in quotes as KEDA has it; in quotes)");
    }

    private static Kafka source(Scaling scaling) {
        return (Kafka) scaling.sources().getFirst();
    }

    private static Signals lag(int replicas, double lag) {
        return Signals.at(1_000_000, replicas, replicas).with(Signal.LAG, lag).build();
    }

    private static Scaling keda(String metadata) {
        return read(kedaText(metadata, ""));
    }

    private static String kedaText(String metadata, String rest) {
        return "min: 0\nkeda: {triggers: [{type: kafka, metadata: {%s}%s}]}\n"
                .formatted(metadata, rest);
    }

    private static Scaling read(String scaling) {
        return ((Model) parse(scaling).orThrow().getFirst()).scaling();
    }

    private static List<String> problems(String scaling) {
        return parse(scaling).problems().stream()
                .map(Problem::toString)
                .map(line -> line.substring(line.indexOf("spec.")))
                .toList();
    }

    private static ParsedSpec parse(String scaling) {
        String document =
                """
                apiVersion: tidemill.dev/v1alpha1
                kind: Model
                metadata: {name: digits}
                spec:
                  source: digits
                  scaling:
                """
                        + scaling.indent(4);
        return SpecParser.parse("f", document.getBytes(StandardCharsets.UTF_8));
    }
}
