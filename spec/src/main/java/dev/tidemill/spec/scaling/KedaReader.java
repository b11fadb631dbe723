package dev.tidemill.spec.scaling;

import dev.tidemill.scaling.Signal;
import dev.tidemill.scaling.Signals;
import dev.tidemill.scaling.guard.Cron;
import dev.tidemill.scaling.hpa.Behavior;
import dev.tidemill.scaling.hpa.HpaSettings;
import dev.tidemill.scaling.keda.Fallback;
import dev.tidemill.scaling.keda.Modifiers;
import dev.tidemill.scaling.keda.Trigger;
import dev.tidemill.spec.scaling.KedaKeys.TriggerType;
import dev.tidemill.spec.scaling.Measure.Unit;
import dev.tidemill.spec.scaling.Scaling.Keda;
import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.MappingCursor;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/// Reads `keda`.
final class KedaReader {
    /// KEDA's own defaults, and one trigger: what is rehearsed of a file that has none.
    private static final Keda USUAL =
            new Keda(
                    List.of(Trigger.of(Signal.IN_FLIGHT, ScalingReader.DEFAULT_TARGET, 0)),
                    List.of(),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(300),
                    Duration.ZERO,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());

    private final List<MetricSource> sources;
    private final KedaKafkaReader kafka;
    private final List<KedaForm> forms = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    /// @param sources gets those of the triggers, too
    KedaReader(List<MetricSource> sources) {
        this.sources = sources;
        this.kafka = new KedaKafkaReader(sources);
    }

    Keda read(MappingCursor scaling) {
        if (!scaling.has(KedaKeys.KEDA)) {
            return USUAL;
        }
        MappingCursor keda = scaling.child(KedaKeys.KEDA);
        kafka.polledEvery(Duration.ofSeconds(keda.get(KedaKeys.POLLING)));
        List<Trigger> triggers = new ArrayList<>();
        for (MappingCursor trigger : keda.children(KedaKeys.TRIGGERS)) {
            trigger(trigger).ifPresent(triggers::add);
        }
        MappingCursor advanced = keda.child(KedaKeys.ADVANCED);
        Optional<Behavior> behavior =
                new BehaviorReader(advanced.child(KedaKeys.HPA_CONFIG))
                        .behavior(HpaSettings.DEFAULT);
        if (triggers.isEmpty()) {
            triggers.addAll(USUAL.triggers());
        }
        return new Keda(
                triggers,
                forms,
                Duration.ofSeconds(keda.get(KedaKeys.POLLING)),
                Duration.ofSeconds(keda.get(KedaKeys.COOLDOWN)),
                Duration.ofSeconds(keda.get(KedaKeys.INITIAL_COOLDOWN)),
                fallback(keda),
                modifiers(advanced),
                behavior);
    }

    private static Optional<Fallback> fallback(MappingCursor keda) {
        if (!keda.has(KedaKeys.FALLBACK)) {
            return Optional.empty();
        }
        MappingCursor fallback = keda.child(KedaKeys.FALLBACK);
        Fallback read =
                new Fallback(
                        fallback.get(KedaKeys.FAILURES),
                        fallback.get(KedaKeys.FALLBACK_REPLICAS),
                        fallback.get(KedaKeys.FALLBACK_BEHAVIOR));
        return Optional.of(read);
    }

    private static Optional<Modifiers> modifiers(MappingCursor advanced) {
        if (!advanced.has(KedaKeys.MODIFIERS)) {
            return Optional.empty();
        }
        MappingCursor given = advanced.child(KedaKeys.MODIFIERS);
        Modifiers read =
                new Modifiers(
                        given.get(KedaKeys.FORMULA),
                        given.get(KedaKeys.FORMULA_TARGET),
                        given.get(KedaKeys.FORMULA_ACTIVATION),
                        given.get(KedaKeys.PER_REPLICA));
        return Optional.of(read);
    }

    private Optional<Trigger> trigger(MappingCursor trigger) {
        TriggerType type = trigger.get(KedaKeys.TYPE);
        Optional<String> own = trigger.find(KedaKeys.NAME);
        boolean each = trigger.get(KedaKeys.PER_REPLICA);
        Facts facts = new Facts(trigger.child(KedaKeys.METADATA));
        Optional<String> authentication =
                trigger.child(KedaKeys.AUTHENTICATION).find(KedaKafkaKeys.AUTHENTICATION);
        if (!trigger.has(KedaKeys.TYPE) || !trigger.isSound(KedaKeys.TYPE)) {
            return Optional.empty();
        }
        String name = name(trigger, type, own);
        if (authentication.isPresent() && type != TriggerType.KAFKA) {
            trigger.problem(KedaKeys.AUTHENTICATION, "nothing; only kafka has one here");
        } else if (authentication.isPresent() && !kafka.isDeclared(name)) {
            trigger.problem(KedaKeys.AUTHENTICATION, KedaKafkaReader.DECLARED.formatted(name));
        }
        Optional<Trigger> read = trigger(facts, type, name, each);
        read.ifPresent(_ -> forms.add(facts.form(type, name, each, authentication)));
        return read;
    }

    private Optional<Trigger> trigger(Facts facts, TriggerType type, String name, boolean each) {
        return switch (type) {
            case PROMETHEUS -> prometheus(facts, name, each);
            case KAFKA -> kafka.trigger(facts.at, name, each);
            case CPU -> resource(facts, name, Signal.CPU);
            case MEMORY -> resource(facts, name, Signal.MEMORY);
            case CRON -> cron(facts, name);
            case TIDEMILL -> ours(facts, name, each);
        };
    }

    private String name(MappingCursor trigger, TriggerType type, Optional<String> own) {
        String name = own.orElse(type.name().toLowerCase(Locale.ROOT));
        if (own.isEmpty() && names.contains(name)) {
            name = name + (names.size() + 1);
        }
        if (!names.add(name)) {
            trigger.problem(KedaKeys.NAME, "a name that no other trigger has");
        }
        return name;
    }

    private Optional<Trigger> prometheus(Facts facts, String name, boolean each) {
        if (!facts.needs(KedaKeys.SERVER, KedaKeys.QUERY, KedaKeys.THRESHOLD)) {
            return Optional.empty();
        }
        sources.add(
                new MetricSource.Prometheus(name, facts.server.orElse(""), facts.query.orElse("")));
        return facts.threshold.map(threshold ->
                new Trigger(name, seen -> seen.named(name), threshold, facts.activation, each));
    }

    /// The total whose share a replica is the utilisation.
    private static Optional<Trigger> resource(Facts facts, String name, Signal signal) {
        if (!facts.needs(KedaKeys.VALUE)) {
            return Optional.empty();
        }
        return facts.value.map(percent ->
                new Trigger(name, seen -> seen.get(signal) * 100 * seen.ready(), percent, 0, true));
    }

    private static Optional<Trigger> ours(Facts facts, String name, boolean each) {
        if (!facts.needs(KedaKeys.SIGNAL, KedaKeys.THRESHOLD)
                || facts.measure.isEmpty()
                || facts.threshold.isEmpty()) {
            return Optional.empty();
        }
        Measure measure = facts.measure.get();
        Signal signal = measure.signal();
        ToDoubleFunction<Signals> reading =
                measure.unit() == Unit.SHARE
                        ? seen -> seen.get(signal) * 100 * seen.ready()
                        : seen -> seen.get(signal);
        return Optional.of(
                new Trigger(
                        name,
                        reading,
                        facts.threshold.get(),
                        facts.activation,
                        each && measure.unit() != Unit.SECONDS));
    }

    private static Optional<Trigger> cron(Facts facts, String name) {
        if (!facts.needs(KedaKeys.TIMEZONE, KedaKeys.START, KedaKeys.END, KedaKeys.DESIRED)
                || facts.zone.isEmpty()
                || facts.start.isEmpty()
                || facts.end.isEmpty()
                || facts.desired.isEmpty()) {
            return Optional.empty();
        }
        ZoneId zone = facts.zone.get();
        Cron start = facts.start.get();
        Cron end = facts.end.get();
        double desired = facts.desired.get();
        return Optional.of(
                new Trigger(
                        name,
                        // In between when the next end comes before the next start.
                        seen ->
                                end.next(seen.atMillis(), zone) < start.next(seen.atMillis(), zone)
                                        ? desired
                                        : 0,
                        1,
                        0,
                        true));
    }

    private static final class Facts {
        private final MappingCursor at;
        private final Optional<String> server;
        private final Optional<String> query;
        private final Optional<Measure> measure;
        private final Optional<Double> threshold;
        private final double activation;
        private final Optional<Double> value;
        private final Optional<ZoneId> zone;
        private final Optional<Cron> start;
        private final Optional<Cron> end;
        private final Optional<Double> desired;
        private final Map<String, String> kafka;

        Facts(MappingCursor at) {
            this.at = at;
            server = at.find(KedaKeys.SERVER);
            query = at.find(KedaKeys.QUERY);
            measure = at.find(KedaKeys.SIGNAL);
            threshold = at.find(KedaKeys.THRESHOLD);
            activation = at.get(KedaKeys.ACTIVATION);
            value = at.find(KedaKeys.VALUE);
            zone = at.find(KedaKeys.TIMEZONE);
            start = at.find(KedaKeys.START);
            end = at.find(KedaKeys.END);
            desired = at.find(KedaKeys.DESIRED);
            kafka = KedaKafkaReader.form(at);
        }

        /// Of a trigger that was read whole.
        KedaForm form(
                TriggerType type, String name, boolean each, Optional<String> authentication) {
            Map<String, String> said = new LinkedHashMap<>();
            String kind = each ? "AverageValue" : "Value";
            switch (type) {
                case PROMETHEUS -> {
                    server.ifPresent(value -> said.put("serverAddress", value));
                    query.ifPresent(value -> said.put("query", value));
                    threshold.ifPresent(value -> said.put("threshold", plain(value)));
                    said.put("activationThreshold", plain(activation));
                }
                case KAFKA -> said.putAll(kafka);
                case CPU, MEMORY -> {
                    kind = "Utilization";
                    value.ifPresent(percent -> said.put("value", plain(percent)));
                }
                case CRON -> {
                    zone.ifPresent(value -> said.put("timezone", value.getId()));
                    start.ifPresent(value -> said.put("start", value.toString()));
                    end.ifPresent(value -> said.put("end", value.toString()));
                    desired.ifPresent(value -> said.put("desiredReplicas", plain(value)));
                }
                case TIDEMILL -> {
                    Measure measure = this.measure.orElse(Measure.CONCURRENCY);
                    // Shares are percents in a trigger's threshold.
                    double one = measure.unit() == Unit.SHARE ? 100 : 1;
                    return KedaForm.ours(
                            name,
                            measure.word(),
                            plain(threshold.orElse(one) / one),
                            plain(activation / one),
                            each && measure.unit() == Unit.TOTAL);
                }
            }
            return new KedaForm(
                    type.name().toLowerCase(Locale.ROOT), name, kind, said, authentication);
        }

        private static String plain(double value) {
            return MetricReader.plain(value);
        }

        boolean needs(Key... keys) {
            boolean all = true;
            for (Key key : keys) {
                if (!at.has(key)) {
                    at.problem(key, "given for this type of trigger");
                }
                all &= at.isSound(key);
            }
            return all;
        }
    }
}
