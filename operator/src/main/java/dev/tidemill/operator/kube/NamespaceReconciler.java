package dev.tidemill.operator.kube;

import dev.tidemill.operator.canary.LiveCanaries;
import dev.tidemill.operator.plan.Planner;
import dev.tidemill.operator.scale.LiveScaling;
import dev.tidemill.sources.kafka.KafkaSecrets;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// Looks at a namespace as a whole whenever anything in it changes: its resources are one file, and
/// what one asks for may be about another. Nothing depends on which event came.
@ControllerConfiguration
public final class NamespaceReconciler implements Reconciler<Namespace>, AutoCloseable {
    private static final Duration SCALED_EVERY = Duration.ofSeconds(1);
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration LATER = Duration.ofSeconds(15);

    private final KubernetesClient client;
    private final Planner planner;
    private final Set<String> namespaces;
    private final Writes writes;
    private final OperatorMetrics metrics;
    private final LiveScaling scaling;
    private final boolean answers;
    private final LiveCanaries canaries;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final Map<String, Memory> memories = new ConcurrentHashMap<>();
    private volatile @Nullable Watches watches;
    private volatile Optional<String> outdated = Optional.empty();
    private volatile boolean closed;

    /// @param namespaces empty for all
    /// @param identity of this process, for events
    /// @param answers whether others that scale may ask what is measured
    /// @param gateways how those are called that ask for a certificate
    /// @param sources folder with the secrets that sources of metrics name
    public NamespaceReconciler(
            KubernetesClient client,
            Planner planner,
            Set<String> namespaces,
            String identity,
            boolean answers,
            OperatorMetrics metrics,
            Optional<SSLContext> gateways,
            Optional<Path> sources,
            InstantSource clock,
            LongSupplier nanos) {
        this.answers = answers;
        this.client = client;
        this.planner = planner;
        this.namespaces = Set.copyOf(namespaces);
        this.writes = new Writes(client, clock, metrics, identity);
        this.metrics = metrics;
        this.clock = clock;
        this.scaling =
                new LiveScaling(
                        SCALED_EVERY,
                        new MetricsApi(client),
                        writes::scale,
                        new DecisionMaps(client, metrics),
                        gateways,
                        namespace -> KafkaSecrets.mounted(sources, namespace),
                        clock,
                        nanos);
        this.canaries = new LiveCanaries(SCALED_EVERY, gateways);
        this.nanos = nanos;
    }

    /// What is measured, for those that scale in our place.
    public LiveScaling scaling() {
        return scaling;
    }

    @Override
    public List<EventSource<?, Namespace>> prepareEventSources(
            EventSourceContext<Namespace> context) {
        outdated = Definitions.outdated(client);
        Watches made = Watches.of(client, namespaces, context);
        watches = made;
        return made.all();
    }

    @Override
    public UpdateControl<Namespace> reconcile(Namespace namespace, Context<Namespace> context) {
        String name = namespace.getMetadata().getName();
        Watches open = watches;
        if (open == null || !(namespaces.isEmpty() || namespaces.contains(name))) {
            return UpdateControl.noUpdate();
        }
        if (context.isPrimaryResourceDeleted()) {
            memories.remove(namespace.getMetadata().getUid());
            scaling.see(name, List.of(), List.of());
            var _ = canaries.see(name, Map.of());
            return UpdateControl.noUpdate();
        }
        boolean terminating = namespace.getMetadata().getDeletionTimestamp() != null;
        Seen seen = open.look(name);
        if (closed) {
            // Watches that end forget what they knew: what was seen may not be all there is.
            return UpdateControl.noUpdate();
        }
        // By what it is, not by its name: one that is made again has nothing of the one before.
        Memory memory =
                memories.computeIfAbsent(namespace.getMetadata().getUid(), _ -> new Memory(nanos));
        long begun = nanos.getAsLong();
        NamespacePass.Outcome outcome =
                new NamespacePass(
                                client, planner, seen, writes, memory, scaling, answers, canaries,
                                outdated, clock)
                        .run(name, terminating);
        metrics.looked(nanos.getAsLong() - begun);
        return switch (outcome) {
            case SETTLED -> UpdateControl.noUpdate();
            case WATCHING -> UpdateControl.<Namespace>noUpdate().rescheduleAfter(SCALED_EVERY);
            case WRITTEN -> UpdateControl.<Namespace>noUpdate().rescheduleAfter(SOON);
            case REFUSED -> UpdateControl.<Namespace>noUpdate().rescheduleAfter(LATER);
        };
    }

    /// Before the watches end: what is under way is finished, and nothing is begun any more.
    @Override
    public void close() {
        closed = true;
        scaling.close();
        canaries.close();
    }
}
