package dev.tidemill.manifests;

import dev.tidemill.spec.Gateway;
import dev.tidemill.spec.cluster.Exposure;
import java.util.List;
import java.util.Map;

/// Ways to the gateway from outside of the cluster.
final class EntryObjects {
    private EntryObjects() {}

    static KubeObject ingress(Scope scope, Gateway gateway, Exposure.Ingress ingress) {
        Map<String, Object> metadata = scope.metadata(scope.name());
        Map<String, Object> annotations =
                Tree.with(scope.environment().annotations(), ingress.annotations());
        Tree.some(annotations).ifPresent(some -> metadata.put("annotations", some));
        return new KubeObject(
                Tree.of(
                        "apiVersion",
                        "networking.k8s.io/v1",
                        "kind",
                        "Ingress",
                        "metadata",
                        metadata,
                        "spec",
                        Tree.of(
                                "ingressClassName",
                                ingress.className(),
                                "tls",
                                ingress.tlsSecretName()
                                        .map(secret ->
                                                List.of(
                                                        Tree.of(
                                                                "hosts",
                                                                List.of(ingress.host()),
                                                                "secretName",
                                                                secret))),
                                "rules",
                                List.of(
                                        Tree.of(
                                                "host",
                                                ingress.host(),
                                                "http",
                                                Tree.of(
                                                        "paths",
                                                        List.of(path(scope, gateway))))))));
    }

    private static Map<String, Object> path(Scope scope, Gateway gateway) {
        return Tree.of(
                "path",
                "/",
                "pathType",
                "Prefix",
                "backend",
                Tree.of(
                        "service",
                        Tree.of(
                                "name",
                                scope.name(),
                                "port",
                                Tree.of("number", GatewayObjects.port(gateway)))));
    }

    static KubeObject httpRoute(Scope scope, Gateway gateway, Exposure.HttpRoute route) {
        return scope.object(
                "gateway.networking.k8s.io/v1",
                "HTTPRoute",
                "spec",
                Tree.of(
                        "parentRefs",
                        route.parents().stream().map(EntryObjects::parent).toList(),
                        "hostnames",
                        Tree.some(route.hostnames()),
                        "rules",
                        List.of(
                                Tree.of(
                                        "matches",
                                        List.of(
                                                Tree.of(
                                                        "path",
                                                        Tree.of(
                                                                "type",
                                                                "PathPrefix",
                                                                "value",
                                                                "/"))),
                                        "backendRefs",
                                        List.of(
                                                Tree.of(
                                                        "name",
                                                        scope.name(),
                                                        "port",
                                                        GatewayObjects.port(gateway)))))));
    }

    private static Map<String, Object> parent(Exposure.Parent parent) {
        return Tree.of(
                "name",
                parent.name(),
                "namespace",
                parent.namespace(),
                "sectionName",
                parent.sectionName());
    }
}
