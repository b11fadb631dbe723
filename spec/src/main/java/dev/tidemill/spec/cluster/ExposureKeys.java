package dev.tidemill.spec.cluster;

import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Located;
import dev.tidemill.spec.yaml.MappingCursor;
import dev.tidemill.spec.yaml.Presence;
import dev.tidemill.spec.yaml.Shape;
import dev.tidemill.spec.yaml.ValueTypes;
import java.util.List;
import java.util.Optional;

/// The keys of a gateway that only a cluster reads.
public final class ExposureKeys {
    private static final Key.Value<Integer> REPLICAS =
            new Key.Value<>(
                    "replicas",
                    ValueTypes.whole(1, 1000),
                    Presence.otherwise("2"),
                    "On Kubernetes: how many run.");
    private static final Key.Section RESOURCES =
            ResourceKeys.section("On Kubernetes: what one replica may use.");
    private static final Key.Pairs<String> ANNOTATIONS =
            new Key.Pairs<>(
                    "annotations",
                    ClusterTypes.labelKey(),
                    ClusterTypes.annotation(),
                    "For whoever serves it.");
    private static final Key.Value<String> TYPE =
            new Key.Value<>(
                    "type",
                    PodKeys.word("ClusterIP", "LoadBalancer", "NodePort"),
                    Presence.otherwise("ClusterIP"),
                    "Of the Service.");
    private static final Key.Section SERVICE =
            new Key.Section(
                    "service",
                    Shape.of(TYPE, ANNOTATIONS),
                    Presence.otherwise("{}"),
                    "On Kubernetes: the Service that clients use.");
    private static final Key.Value<String> HOST =
            new Key.Value<>(
                    "host", ClusterTypes.host(), Presence.required(), "That clients ask for.");
    private static final Key.Value<String> CLASS =
            new Key.Value<>(
                    "className",
                    ClusterTypes.subdomain("nginx"),
                    Presence.optional("the cluster's"),
                    "An IngressClass.");
    private static final Key.Value<String> TLS =
            new Key.Value<>(
                    "tlsSecretName",
                    ClusterTypes.subdomain("ai-example-com-tls"),
                    Presence.optional("no TLS"),
                    "A Secret with the certificate, there already or made by cert-manager.");
    private static final Key.Section INGRESS =
            new Key.Section(
                    "ingress",
                    Shape.of(HOST, CLASS, TLS, ANNOTATIONS),
                    Presence.optional("no Ingress"),
                    "On Kubernetes: an Ingress to the gateway.");
    private static final Key.Values<String> HOSTNAMES =
            new Key.Values<>("hostnames", ClusterTypes.host(), 16, "That clients ask for.");
    private static final Key.Value<String> PARENT =
            new Key.Value<>(
                    "name",
                    ClusterTypes.subdomain("public"),
                    Presence.required(),
                    "A Gateway of the Gateway API.");
    private static final Key.Value<String> NAMESPACE =
            new Key.Value<>(
                    "namespace",
                    ValueTypes.name(),
                    Presence.optional("that of the environment"),
                    "Where that Gateway is.");
    private static final Key.Value<String> SECTION =
            new Key.Value<>(
                    "sectionName",
                    ClusterTypes.subdomain("https"),
                    Presence.optional("all of them"),
                    "One of its listeners.");
    private static final Key.Sections PARENTS =
            new Key.Sections(
                    "parentRefs",
                    Shape.of(PARENT, NAMESPACE, SECTION),
                    1,
                    16,
                    Presence.required(),
                    "Who takes the requests in.");
    private static final Key.Section HTTP_ROUTE =
            new Key.Section(
                    "httpRoute",
                    Shape.of(HOSTNAMES, PARENTS),
                    Presence.optional("no HTTPRoute"),
                    "On Kubernetes: an HTTPRoute of the Gateway API to the gateway.");

    public static final List<Key> ALL =
            List.of(REPLICAS, RESOURCES, SERVICE, INGRESS, HTTP_ROUTE, PodKeys.POD);

    private ExposureKeys() {}

    public static Exposure read(MappingCursor spec) {
        MappingCursor service = spec.child(SERVICE);
        return new Exposure(
                spec.get(REPLICAS),
                ResourceKeys.read(spec.child(RESOURCES)),
                new Exposure.ServiceType(service.get(TYPE), service.pairs(ANNOTATIONS)),
                ingress(spec),
                httpRoute(spec),
                PodKeys.read(spec));
    }

    private static Optional<Exposure.Ingress> ingress(MappingCursor spec) {
        MappingCursor ingress = spec.child(INGRESS);
        return spec.has(INGRESS)
                ? Optional.of(
                        new Exposure.Ingress(
                                ingress.get(HOST),
                                ingress.find(CLASS),
                                ingress.find(TLS),
                                ingress.pairs(ANNOTATIONS)))
                : Optional.empty();
    }

    private static Optional<Exposure.HttpRoute> httpRoute(MappingCursor spec) {
        MappingCursor route = spec.child(HTTP_ROUTE);
        return spec.has(HTTP_ROUTE)
                ? Optional.of(
                        new Exposure.HttpRoute(
                                route.items(HOSTNAMES).stream().map(Located::value).toList(),
                                route.children(PARENTS).stream()
                                        .map(parent ->
                                                new Exposure.Parent(
                                                        parent.get(PARENT),
                                                        parent.find(NAMESPACE),
                                                        parent.find(SECTION)))
                                        .toList()))
                : Optional.empty();
    }
}
