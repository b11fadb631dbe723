package dev.tidemill.spec.scaling;

import dev.tidemill.scaling.Signal;
import dev.tidemill.scaling.keda.Trigger;
import dev.tidemill.spec.scaling.KafkaLag.Access;
import dev.tidemill.spec.scaling.KafkaLag.Bound;
import dev.tidemill.spec.scaling.KafkaLag.Reset;
import dev.tidemill.spec.scaling.KafkaLag.Tls;
import dev.tidemill.spec.scaling.MetricSource.Kafka;
import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.MappingCursor;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads triggers of the type `kafka`.
final class KedaKafkaReader {
    /// What a trigger needs whose connection cannot be read from it.
    static final String DECLARED =
            "with a source '%s' under sources that has kafka: KEDA's secrets are not ours to read";

    private static final String KEDA_ALONE = "none";

    private final List<MetricSource> sources;
    private Duration polled = Duration.ofSeconds(30);

    /// @param sources declared ones; gets those of the triggers, too
    KedaKafkaReader(List<MetricSource> sources) {
        this.sources = sources;
    }

    void polledEvery(Duration interval) {
        polled = interval;
    }

    boolean isDeclared(String name) {
        return declared(name).isPresent();
    }

    private Optional<Kafka> declared(String name) {
        return sources.stream()
                .filter(Kafka.class::isInstance)
                .map(Kafka.class::cast)
                .filter(source -> source.name().equals(name))
                .findFirst();
    }

    /// @param at the trigger's `metadata`
    Optional<Trigger> trigger(MappingCursor at, String name, boolean each) {
        Optional<String> servers = at.find(KedaKafkaKeys.BOOTSTRAP);
        Optional<String> group = at.find(KedaKafkaKeys.GROUP);
        double threshold = at.get(KedaKeys.LAG);
        double activation = at.get(KedaKeys.LAG_ACTIVATION);
        KafkaLag asked = asked(at, servers.orElse(""), group.orElse(""), threshold);
        String sasl = at.get(KedaKafkaKeys.SASL);
        if (!at.has(KedaKafkaKeys.BOOTSTRAP)) {
            return Optional.of(
                    new Trigger(name, seen -> seen.get(Signal.LAG), threshold, activation, each));
        }
        if (!at.has(KedaKafkaKeys.GROUP)) {
            at.problem(KedaKafkaKeys.GROUP, "given with bootstrapServers");
        }
        if (!sasl.equals(KEDA_ALONE) && !isDeclared(name)) {
            at.problem(KedaKafkaKeys.SASL, DECLARED.formatted(name));
        }
        bounds(at, asked);
        String whole = Kafka.whole(name);
        source(name, asked);
        return Optional.of(
                new Trigger(
                        name,
                        seen -> seen.named(name),
                        seen ->
                                Double.isNaN(seen.named(whole))
                                        ? seen.named(name)
                                        : seen.named(whole),
                        threshold,
                        activation,
                        each));
    }

    private KafkaLag asked(MappingCursor at, String servers, String group, double threshold) {
        boolean idle = at.get(KedaKafkaKeys.IDLE);
        boolean withLag = at.get(KedaKafkaKeys.WITH_LAG);
        boolean even = at.get(KedaKafkaKeys.EVEN);
        boolean earliest = at.get(KedaKafkaKeys.EARLIEST);
        boolean zero = at.get(KedaKafkaKeys.ZERO);
        Optional<String> _ = at.find(KedaKafkaKeys.VERSION);
        boolean tls = at.get(KedaKafkaKeys.TLS);
        return new KafkaLag(
                servers,
                group,
                at.find(KedaKafkaKeys.TOPIC),
                at.find(KedaKafkaKeys.PARTITIONS).orElse(PartitionRanges.ALL),
                Reset.of(earliest, zero),
                at.get(KedaKafkaKeys.PERSISTENT) ? Optional.of(polled) : Optional.empty(),
                idle && !withLag && !even
                        ? Optional.empty()
                        : Optional.of(new Bound(threshold, withLag, even)),
                new Access(
                        tls
                                ? Optional.of(
                                        new Tls(
                                                Optional.empty(),
                                                Optional.empty(),
                                                Optional.empty()))
                                : Optional.empty(),
                        Optional.empty()));
    }

    /// What KEDA refuses together.
    private static void bounds(MappingCursor at, KafkaLag asked) {
        boolean withLag = asked.bound().filter(Bound::withLag).isPresent();
        boolean even = asked.bound().filter(Bound::even).isPresent();
        if (withLag && at.get(KedaKafkaKeys.IDLE)) {
            at.problem(KedaKafkaKeys.WITH_LAG, "not with allowIdleConsumers");
        }
        if (withLag && even) {
            at.problem(KedaKafkaKeys.EVEN, "not with limitToPartitionsWithLag");
        }
        if (asked.topic().isEmpty() && (withLag || even)) {
            at.problem(KedaKafkaKeys.TOPIC, "given where replicas follow its partitions");
        }
    }

    /// A declared source says how the brokers are spoken to, the trigger what is counted.
    private void source(String name, KafkaLag asked) {
        Optional<Kafka> declared = declared(name);
        declared.ifPresent(sources::remove);
        Access access = declared.map(source -> source.lag().access()).orElse(asked.access());
        sources.add(
                new Kafka(
                        name,
                        new KafkaLag(
                                asked.servers(),
                                asked.group(),
                                asked.topic(),
                                asked.partitions(),
                                asked.reset(),
                                asked.stuckAfter(),
                                asked.bound(),
                                access)));
    }

    /// As a ScaledObject has it: what is given, as KEDA writes it.
    static Map<String, String> form(MappingCursor at) {
        Map<String, String> said = new LinkedHashMap<>();
        at.find(KedaKafkaKeys.BOOTSTRAP).ifPresent(it -> said.put("bootstrapServers", it));
        at.find(KedaKafkaKeys.GROUP).ifPresent(it -> said.put("consumerGroup", it));
        at.find(KedaKafkaKeys.TOPIC).ifPresent(it -> said.put("topic", it));
        said.put("lagThreshold", MetricReader.plain(at.get(KedaKeys.LAG)));
        said.put("activationLagThreshold", MetricReader.plain(at.get(KedaKeys.LAG_ACTIVATION)));
        at.find(KedaKafkaKeys.PARTITIONS)
                .ifPresent(it -> said.put("partitionLimitation", it.toString()));
        at.find(KedaKafkaKeys.EARLIEST)
                .ifPresent(it -> said.put("offsetResetPolicy", it ? "earliest" : "latest"));
        at.find(KedaKafkaKeys.VERSION).ifPresent(it -> said.put("version", it));
        at.find(KedaKafkaKeys.TLS).ifPresent(it -> said.put("tls", it ? "enable" : "disable"));
        at.find(KedaKafkaKeys.SASL).ifPresent(it -> said.put("sasl", it));
        for (Key.Value<Boolean> flag :
                List.of(
                        KedaKafkaKeys.ZERO,
                        KedaKafkaKeys.IDLE,
                        KedaKafkaKeys.WITH_LAG,
                        KedaKafkaKeys.EVEN,
                        KedaKafkaKeys.PERSISTENT)) {
            at.find(flag).ifPresent(it -> said.put(flag.name(), it.toString()));
        }
        return said;
    }
}
