package dev.tidemill.sources.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemill.autoscale.BackgroundSource;
import dev.tidemill.autoscale.Measures;
import dev.tidemill.autoscale.Scaler;
import dev.tidemill.autoscale.ScalingTarget;
import dev.tidemill.autoscale.SignalSource;
import dev.tidemill.scaling.Signal;
import dev.tidemill.spec.Model;
import dev.tidemill.spec.SpecParser;
import dev.tidemill.spec.scaling.MetricSource;
import dev.tidemill.spec.scaling.Policies;
import dev.tidemill.spec.scaling.Scaling;
import dev.tidemill.testkit.CapturedLog;
import dev.tidemill.testkit.TestAuthority;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Against a real broker. Everything that every source keeps is asked here too.
final class KafkaLagSourceIT {
    private static final String TARGET = "digits";
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final TestAuthority AUTHORITY = TestAuthority.create();

    @TempDir static Path folder;

    private static RealKafka kafka;
    private static Admin admin;

    private Optional<SignalSource> made = Optional.empty();

    /// `orders`: 100 messages in partition 0 and 20 in 1, of which `jobs` took 40 and 20; `mails`:
    /// 5, of which it took 2. Nobody has taken anything of `orders` as `newcomers`.
    @BeforeAll
    static void begin() throws Exception {
        Logger.getLogger("org.apache.kafka").setLevel(Level.OFF);
        kafka = new RealKafka(folder, AUTHORITY);
        admin = Admin.create(kafka.client());
        admin.createTopics(
                        List.of(
                                new NewTopic("orders", 2, (short) 1),
                                new NewTopic("work", 1, (short) 1),
                                new NewTopic("mails", 1, (short) 1)))
                .all()
                .get();
        produce("orders", 0, 100);
        produce("orders", 1, 20);
        produce("mails", 0, 5);
        commit("jobs", Map.of(at("orders", 0), 40, at("orders", 1), 20, at("mails", 0), 2));
    }

    @AfterAll
    static void end() {
        admin.close(Duration.ZERO);
        kafka.close();
    }

    @AfterEach
    void close() {
        made.ifPresent(SignalSource::close);
    }

    @Test
    void the_lag_of_a_topic_is_what_its_partitions_are_behind() {
        assertThat(lag("group: jobs, topic: orders")).isEqualTo(60);
        assertThat(lag("group: jobs, topic: orders, partitions: \"1\"")).isZero();
        assertThat(lag("group: jobs, topic: mails")).isEqualTo(3);
    }

    @Test
    void without_a_topic_all_count_to_which_the_group_has_committed() {
        assertThat(lag("group: jobs")).isEqualTo(63);
    }

    @Test
    void a_group_that_committed_nothing_counts_as_it_will_begin() {
        assertThat(lag("group: newcomers, topic: orders")).isEqualTo(2);
        assertThat(lag("group: newcomers, topic: orders, offsetReset: earliest")).isEqualTo(120);
        assertThat(lag("group: newcomers, topic: orders, offsetReset: none")).isZero();
    }

    @Test
    void it_is_the_signal_that_rules_and_triggers_go_by() {
        Measures measures = source(kafka.plain(), "group: jobs, topic: orders").read().get(TARGET);
        assertThat(measures).isEqualTo(new Measures(Map.of(Signal.LAG, 60.0), Map.of("lag", 60.0)));
    }

    @Test
    void a_topic_that_is_not_there_is_no_lag_and_not_zero() {
        try (CapturedLog log = CapturedLog.of(KafkaLagSource.class.getName())) {
            SignalSource source = source(kafka.plain(), "group: jobs, topic: nowhere");
            assertThat(source.read()).isEmpty();
            assertThat(source.read()).isEmpty();
            assertThat(log.records()).hasSize(1);
        }
    }

    @Test
    void a_password_over_tls_and_an_authority_of_one_s_own() throws IOException {
        Files.writeString(folder.resolve("word"), RealKafka.PASSWORD + "\n");
        Files.writeString(folder.resolve("ca.pem"), AUTHORITY.pem());
        assertThat(
                        known(
                                source(
                                        kafka.secure(),
                                        "group: jobs, topic: orders, tls: {ca: ca.pem}, sasl:"
                                                + " {mechanism: plain, user: tidemill, password:"
                                                + " {file: word}}")))
                .isEqualTo(60);
    }

    @Test
    void a_wrong_password_is_silence_and_one_that_was_mended_is_found() throws IOException {
        Path word = folder.resolve("changed");
        Files.writeString(word, "wrong-word");
        try (CapturedLog log = CapturedLog.of(KafkaLagSource.class.getName())) {
            SignalSource source =
                    source(
                            kafka.sasl(),
                            "group: jobs, topic: orders, sasl: {mechanism: plain, user: tidemill,"
                                    + " password: {file: changed}}");
            await().atMost(LIMIT).until(() -> source.read().isEmpty() && !log.records().isEmpty());
            assertThat(Arrays.toString(log.records().getFirst().getParameters()))
                    .contains("Authentication failed")
                    .doesNotContain("wrong-word");
            Files.writeString(word, RealKafka.PASSWORD);
            await().atMost(LIMIT).until(() -> !source.read().isEmpty());
        }
    }

    @Test
    void a_broker_that_hangs_or_is_gone_holds_up_nobody_and_is_found_again() throws Exception {
        try (CapturedLog log = CapturedLog.of(KafkaLagSource.class.getName())) {
            SignalSource source = source(kafka.plain(), "group: jobs, topic: orders");
            assertThat(known(source)).isEqualTo(60);

            kafka.pause();
            long before = System.nanoTime();
            assertThat(source.read()).isEmpty();
            assertThat(System.nanoTime() - before)
                    .isLessThan((SignalSource.LIMIT_MILLIS + 1_000) * 1_000_000L);
            kafka.goOn();
            await().atMost(LIMIT).until(() -> !source.read().isEmpty());

            kafka.kill();
            await().atMost(LIMIT).until(() -> source.read().isEmpty());
            assertThat(source.read()).isEmpty();
            kafka.startAgain();
            await().atMost(LIMIT).until(() -> !source.read().isEmpty());
            assertThat(known(source)).isEqualTo(60);
            assertThat(log.records().stream().map(one -> one.getLevel()).toList())
                    .as("one line when it is silent, one when it is back")
                    .containsExactly(Level.WARNING, Level.INFO, Level.WARNING, Level.INFO);
        }
    }

    @Test
    void the_live_loop_orders_by_it() throws Exception {
        produce("work", 0, 100);
        commit("workers", Map.of(at("work", 0), 0));
        Scaling scaling =
                scaling(
                        """
                        min: 1
                        max: 20
                        rules: [{metric: lag, threshold: 50}]
                        sources: [{name: lag, kafka: {bootstrapServers: "%s", group: workers, topic: work}}]
                        """
                                .formatted(kafka.plain()));
        SignalSource source =
                new BackgroundSource(
                        live(scaling),
                        Duration.ofMillis(20),
                        Duration.ofSeconds(20),
                        System::nanoTime);
        made = Optional.of(source);
        Ordered target = new Ordered();
        Scaler scaler =
                new Scaler(
                        target,
                        Policies.of(scaling),
                        InstantSource.system(),
                        System::nanoTime,
                        _ -> {});
        await().atMost(LIMIT)
                .until(() -> {
                    scaler.tick(source.read().getOrDefault(TARGET, Measures.NONE));
                    return target.ordered.get() == 2;
                });
        produce("work", 0, 130);
        await().atMost(LIMIT)
                .until(() -> {
                    scaler.tick(source.read().getOrDefault(TARGET, Measures.NONE));
                    return target.ordered.get() == 5;
                });
    }

    private static final class Ordered implements ScalingTarget {
        private final AtomicInteger ordered = new AtomicInteger(1);

        @Override
        public String name() {
            return TARGET;
        }

        @Override
        public int replicas() {
            return ordered.get();
        }

        @Override
        public int ready() {
            return ordered.get();
        }

        @Override
        public double startSeconds() {
            return Double.NaN;
        }

        @Override
        public void order(int replicas, String reason) {
            ordered.set(replicas);
        }
    }

    private double lag(String kafkaOf) {
        close();
        return known(source(kafka.plain(), kafkaOf));
    }

    /// The first connection may need longer than one look.
    private static double known(SignalSource source) {
        await().atMost(LIMIT).until(() -> !source.read().isEmpty());
        return source.read().getOrDefault(TARGET, Measures.NONE).named().get("lag");
    }

    private SignalSource source(String servers, String asked) {
        SignalSource source =
                live(
                        scaling(
                                "sources: [{name: lag, kafka: {bootstrapServers: \"%s\", %s}}]"
                                        .formatted(servers, asked)));
        made = Optional.of(source);
        return source;
    }

    private static SignalSource live(Scaling scaling) {
        return new KafkaLagSource(
                (MetricSource.Kafka) scaling.sources().getFirst(),
                KafkaSecrets.beside(folder, Map.of()),
                List.of(TARGET),
                System::nanoTime);
    }

    private static Scaling scaling(String scaling) {
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
        return ((Model)
                        SpecParser.parse("f", document.getBytes(StandardCharsets.UTF_8))
                                .orThrow()
                                .getFirst())
                .scaling();
    }

    private static TopicPartition at(String topic, int partition) {
        return new TopicPartition(topic, partition);
    }

    private static void produce(String topic, int partition, int messages) {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        kafka.client(), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < messages; i++) {
                var _ = producer.send(new ProducerRecord<>(topic, partition, null, new byte[1]));
            }
            producer.flush();
        }
    }

    private static void commit(String group, Map<TopicPartition, Integer> offsets)
            throws ExecutionException, InterruptedException {
        admin.alterConsumerGroupOffsets(
                        group,
                        offsets.entrySet().stream()
                                .collect(
                                        Collectors.toMap(
                                                Map.Entry::getKey,
                                                one -> new OffsetAndMetadata(one.getValue()))))
                .all()
                .get();
    }
}
