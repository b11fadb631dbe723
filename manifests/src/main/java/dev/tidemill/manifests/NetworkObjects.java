package dev.tidemill.manifests;

import dev.tidemill.spec.App;
import dev.tidemill.spec.Gateway;
import dev.tidemill.spec.ModelPool;
import dev.tidemill.spec.cluster.NetworkRules;
import dev.tidemill.spec.cluster.ReplicaSetter;
import dev.tidemill.spec.cluster.VectorStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Who may talk to whom: nobody to anybody, but for the ways that the platform needs.
final class NetworkObjects {
    private static final String NAMESPACE = "kubernetes.io/metadata.name";

    private NetworkObjects() {}

    static List<KubeObject> of(Platform platform, List<ModelPool> pools) {
        NetworkRules rules = platform.environment().network();
        if (!rules.enabled()) {
            return List.of();
        }
        List<KubeObject> objects = new ArrayList<>();
        objects.add(denyAll(platform));
        for (ModelPool pool : pools) {
            Scope scope = ServerObjects.scope(platform, pool);
            objects.add(server(scope, rules, scalers(platform), ServerObjects.asksControl(pool)));
        }
        for (App app : platform.apps()) {
            objects.add(app(AppObjects.scope(platform, app), app, rules));
        }
        platform.gateway()
                .ifPresent(gateway ->
                        objects.add(
                                gateway(
                                        GatewayObjects.scope(platform, gateway),
                                        gateway,
                                        rules,
                                        rollsOut(gateway) ? operator() : scalers(platform))));
        objects.add(control(ControlObjects.scope(platform), rules));
        objects.addAll(StateObjects.policies(platform));
        return objects;
    }

    private static KubeObject denyAll(Platform platform) {
        Scope scope = new Scope(platform, "tidemill-deny-all", "platform", Map.of());
        return scope.object(
                "networking.k8s.io/v1",
                "NetworkPolicy",
                "spec",
                Tree.of(
                        // Of ours only: a namespace may have other people's pods.
                        "podSelector",
                        Tree.of("matchLabels", Tree.of("app.kubernetes.io/part-of", "tidemill")),
                        "policyTypes",
                        List.of("Ingress", "Egress")));
    }

    /// The operator reads what is in flight where it sets the number of replicas, or whoever does
    /// asks it, wherever it runs.
    private static List<Map<String, Object>> scalers(Platform platform) {
        return platform.environment().scaling() == ReplicaSetter.NONE ? List.of() : operator();
    }

    /// It reads, too, how far new versions are.
    private static boolean rollsOut(Gateway gateway) {
        return gateway.routes().stream().anyMatch(route -> route.traffic().canary().isPresent());
    }

    private static List<Map<String, Object>> operator() {
        return List.of(
                Tree.of(
                        "namespaceSelector",
                        Tree.of(),
                        "podSelector",
                        Scope.selectorOf(OperatorObjects.COMPONENT)));
    }

    /// @param asksControl false for what has its models in a volume or in images
    private static KubeObject server(
            Scope scope,
            NetworkRules rules,
            List<Map<String, Object>> scalers,
            boolean asksControl) {
        List<Map<String, Object>> readers = new ArrayList<>(peers(List.of(), rules.metricsFrom()));
        readers.addAll(scalers);
        List<Map<String, Object>> in =
                open(
                        rules,
                        peers(List.of(GatewayObjects.COMPONENT), List.of()),
                        readers,
                        ServerObjects.HTTP,
                        ServerObjects.GRPC);
        pastGateway(scope, ServerObjects.HTTP, ServerObjects.GRPC).ifPresent(in::add);
        List<Map<String, Object>> out = new ArrayList<>();
        out.add(dns());
        if (asksControl) {
            out.add(rule("to", List.of(pods(ControlObjects.COMPONENT)), ControlObjects.HTTP));
        }
        return policy(scope, in, out);
    }

    private static KubeObject app(Scope scope, App app, NetworkRules rules) {
        List<Map<String, Object>> out = new ArrayList<>();
        out.add(dns());
        out.add(rule("to", List.of(pods(GatewayObjects.COMPONENT)), GatewayObjects.HTTP));
        out.addAll(
                UpstreamRules.of(
                        Stream.concat(
                                        app.container().calls().stream(),
                                        VectorStores.of(scope.platform()).stream()
                                                .map(VectorStore::milvus))
                                .toList()));
        List<Map<String, Object>> in = new ArrayList<>();
        in.add(
                rule(
                        "from",
                        peers(List.of(GatewayObjects.COMPONENT), rules.metricsFrom()),
                        app.port()));
        pastGateway(scope, app.port()).ifPresent(in::add);
        return policy(scope, in, out);
    }

    /// Those who may call the gateway may call what a mesh divides, too.
    private static Optional<Map<String, Object>> pastGateway(Scope scope, int... ports) {
        if (!RouteSplit.reaches(scope.platform(), scope.name())) {
            return Optional.empty();
        }
        List<String> namespaces = scope.environment().network().gatewayFrom();
        return Optional.of(
                namespaces.isEmpty()
                        ? Tree.of("ports", ports(ports))
                        : rule("from", peers(callers(scope), namespaces), ports));
    }

    private static KubeObject control(Scope scope, NetworkRules rules) {
        return policy(
                scope,
                open(
                        rules,
                        peers(
                                List.of(GatewayObjects.COMPONENT, ServerObjects.COMPONENT),
                                List.of()),
                        peers(List.of(), rules.metricsFrom()),
                        ControlObjects.HTTP),
                Stream.of(
                                Stream.of(dns()),
                                scope.environment().state().database().stream()
                                        .map(StateObjects::toDatabase),
                                scope.environment().state().objectStore().stream()
                                        .map(StateObjects::toObjects))
                        .flatMap(rule -> rule)
                        .toList());
    }

    private static KubeObject gateway(
            Scope scope, Gateway gateway, NetworkRules rules, List<Map<String, Object>> scalers) {
        int[] open =
                gateway.grpcPort().isPresent()
                        ? new int[] {GatewayObjects.HTTP, GatewayObjects.GRPC}
                        : new int[] {GatewayObjects.HTTP};
        List<Map<String, Object>> in = new ArrayList<>();
        in.add(
                rules.gatewayFrom().isEmpty()
                        ? Tree.of("ports", ports(open))
                        : rule("from", peers(callers(scope), rules.gatewayFrom()), open));
        List<Map<String, Object>> readers = peers(List.of(), rules.metricsFrom());
        in.addAll(
                rules.mtls().isEmpty()
                        ? open(rules, readers, scalers, GatewayObjects.ADMIN)
                        : open(rules, scalers, readers, GatewayObjects.ADMIN));
        List<Map<String, Object>> out = new ArrayList<>();
        out.add(dns());
        out.add(
                rule(
                        "to",
                        List.of(pods(ServerObjects.COMPONENT)),
                        ServerObjects.HTTP,
                        ServerObjects.GRPC));
        out.add(rule("to", List.of(pods(ControlObjects.COMPONENT)), ControlObjects.HTTP));
        int[] apps = scope.platform().apps().stream().mapToInt(App::port).distinct().toArray();
        if (apps.length > 0) {
            out.add(rule("to", List.of(pods(AppObjects.COMPONENT)), apps));
        }
        out.addAll(UpstreamRules.of(gateway.peers()));
        return policy(scope, in, out);
    }

    /// @param callers with a certificate, where there is mTLS
    /// @param readers of metrics, who have none: then they get a port of their own
    /// @param ports for callers; metrics are on the first
    private static List<Map<String, Object>> open(
            NetworkRules rules,
            List<Map<String, Object>> callers,
            List<Map<String, Object>> readers,
            int... ports) {
        int read = rules.mtls().isEmpty() ? ports[0] : MutualTlsObjects.HEALTH;
        List<Map<String, Object>> in = new ArrayList<>();
        if (ports.length == 1 && read == ports[0]) {
            List<Map<String, Object>> all = Tree.joined(callers, readers);
            if (!all.isEmpty()) {
                in.add(rule("from", all, ports));
            }
            return in;
        }
        if (!callers.isEmpty()) {
            in.add(rule("from", callers, ports));
        }
        if (!readers.isEmpty()) {
            in.add(rule("from", readers, read));
        }
        return in;
    }

    /// Of a gateway, whatever comes from outside.
    private static List<String> callers(Scope gateway) {
        return gateway.platform().apps().isEmpty() ? List.of() : List.of(AppObjects.COMPONENT);
    }

    static KubeObject policy(
            Scope scope, List<Map<String, Object>> ingress, List<Map<String, Object>> egress) {
        return scope.object(
                "networking.k8s.io/v1",
                "NetworkPolicy",
                "spec",
                Tree.of(
                        "podSelector",
                        Tree.of("matchLabels", scope.selector()),
                        "policyTypes",
                        List.of("Ingress", "Egress"),
                        // Nobody, by the types above. An empty list is one that an API server
                        // drops, and has to drop again each time it is applied.
                        "ingress",
                        Tree.some(ingress),
                        "egress",
                        Tree.some(egress)));
    }

    /// Names are looked up in kube-system, wherever its DNS runs.
    static Map<String, Object> dns() {
        return Tree.of(
                "to",
                List.of(namespace("kube-system")),
                "ports",
                List.of(
                        Tree.of("protocol", "UDP", "port", 53),
                        Tree.of("protocol", "TCP", "port", 53)));
    }

    /// A policy knows no API server: the ports that it has, wherever it is.
    static Map<String, Object> toApiServer() {
        return Tree.of("ports", ports(443, 6443));
    }

    static Map<String, Object> rule(String side, List<Map<String, Object>> peers, int... ports) {
        return Tree.of(side, peers, "ports", ports(ports));
    }

    private static List<Map<String, Object>> ports(int... ports) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (int port : ports) {
            all.add(Tree.of("protocol", "TCP", "port", port));
        }
        return all;
    }

    private static List<Map<String, Object>> peers(
            List<String> components, List<String> namespaces) {
        List<Map<String, Object>> peers = new ArrayList<>();
        components.forEach(component -> peers.add(pods(component)));
        namespaces.forEach(name -> peers.add(namespace(name)));
        return peers;
    }

    static Map<String, Object> pods(String component) {
        return Tree.of("podSelector", Scope.selectorOf(component));
    }

    static Map<String, Object> namespace(String name) {
        return Tree.of("namespaceSelector", Tree.of("matchLabels", Tree.of(NAMESPACE, name)));
    }
}
