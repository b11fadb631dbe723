package dev.tidemill.operator.kube;

import dev.tidemill.operator.act.Wanted;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.GroupVersionKind;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One watch a kind, for all namespaces that count; whatever happens in a namespace has it looked
/// at as a whole.
final class Watches {
    private final Map<Kinds, InformerEventSource<GenericKubernetesResource, Namespace>> sources =
            new LinkedHashMap<>();

    /// @param namespaces empty for all
    static Watches of(
            KubernetesClient client,
            Set<String> namespaces,
            EventSourceContext<Namespace> context) {
        Watches watches = new Watches();
        Kinds.DECLARED.forEach(kind -> watches.watch(kind, "", namespaces, context));
        Kinds.MADE.stream()
                .filter(kind -> !kind.optional() || client.supports(kind.apiVersion(), kind.kind()))
                .forEach(kind ->
                        watches.watch(
                                kind,
                                kind.equals(Kinds.SCALER) ? "" : ours(),
                                namespaces,
                                context));
        // Pods have their labels of a template, which is the same for `tidemill apply`.
        watches.watch(Kinds.POD, "app.kubernetes.io/part-of=tidemill", namespaces, context);
        return watches;
    }

    private static String ours() {
        return Wanted.LABEL + "=" + Wanted.LABEL_VALUE;
    }

    private void watch(
            Kinds kind,
            String selector,
            Set<String> namespaces,
            EventSourceContext<Namespace> context) {
        var configuration =
                InformerEventSourceConfiguration.from(
                                new GroupVersionKind(kind.apiVersion(), kind.kind()),
                                Namespace.class)
                        .withName(kind.plural())
                        .withSecondaryToPrimaryMapper(
                                one -> Set.of(new ResourceID(one.getMetadata().getNamespace())));
        if (!selector.isEmpty()) {
            var _ = configuration.withLabelSelector(selector);
        }
        if (namespaces.isEmpty()) {
            var _ = configuration.withWatchAllNamespaces();
        } else {
            var _ = configuration.withNamespaces(namespaces);
        }
        sources.put(kind, new InformerEventSource<>(configuration.build(), context));
    }

    List<EventSource<?, Namespace>> all() {
        return new ArrayList<>(sources.values());
    }

    Seen look(String namespace) {
        Map<Kinds, List<GenericKubernetesResource>> items = new HashMap<>();
        sources.forEach(
                (kind, source) -> items.put(kind, source.list(namespace, _ -> true).toList()));
        return new Seen(items);
    }
}
