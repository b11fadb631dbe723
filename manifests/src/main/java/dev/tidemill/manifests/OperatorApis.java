package dev.tidemill.manifests;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What makes the operator's own APIs reachable: Kubernetes' metrics APIs, and KEDA's scaler. The
/// Service has no selector: of several operators only the one that leads knows anything, and it
/// writes itself down as the Service's endpoint. So does it with the registration at the API
/// server, because that needs the certificate of the moment, is another's perhaps, and, left
/// without a server, would stand in the way of every namespace that is deleted.
public final class OperatorApis {
    /// Of the Service, of its endpoints, and of who writes them.
    public static final String NAME = "tidemill-operator";

    public static final int METRICS_PORT = 8443;
    public static final int KEDA_PORT = 9090;

    private static final int HTTPS = 443;
    private static final String METRICS = "metrics";
    private static final String KEDA = "keda";
    private static final String BY = "tidemill.dev/by";
    private static final String OPERATOR = "operator";

    private OperatorApis() {}

    static KubeObject service(Scope scope) {
        return scope.object(
                "v1",
                "Service",
                "spec",
                Tree.of(
                        "ports",
                        List.of(
                                Services.port(METRICS, HTTPS, METRICS_PORT),
                                Tree.with(
                                        Services.port(KEDA, KEDA_PORT, KEDA_PORT),
                                        Tree.of("appProtocol", "kubernetes.io/h2c")))));
    }

    /// So that it may read by which certificate it knows the API server.
    static KubeObject reader(Scope scope, Rbac.Account account) {
        return Rbac.binding(
                scope,
                "tidemill-operator-authentication",
                Optional.of("kube-system"),
                "extension-apiserver-authentication-reader",
                account);
    }

    /// Where the Service leads now.
    ///
    /// @param address of the leading operator's pod
    public static KubeObject endpoint(String namespace, String address) {
        return new KubeObject(
                Tree.of(
                        "apiVersion",
                        "discovery.k8s.io/v1",
                        "kind",
                        "EndpointSlice",
                        "metadata",
                        Tree.of(
                                "name",
                                NAME,
                                "namespace",
                                namespace,
                                "labels",
                                Tree.of(
                                        "kubernetes.io/service-name",
                                        NAME,
                                        "endpointslice.kubernetes.io/managed-by",
                                        NAME,
                                        BY,
                                        OPERATOR)),
                        "addressType",
                        address.contains(":") ? "IPv6" : "IPv4",
                        "endpoints",
                        List.of(
                                Tree.of(
                                        "addresses",
                                        List.of(address),
                                        "conditions",
                                        Tree.of("ready", true))),
                        "ports",
                        List.of(
                                Tree.of("name", METRICS, "port", METRICS_PORT, "protocol", "TCP"),
                                Tree.of("name", KEDA, "port", KEDA_PORT, "protocol", "TCP"))));
    }

    /// The registration of one of the APIs.
    ///
    /// @param pem of the certificate that its server shows
    /// @param owner uid of the operator's ClusterRole, with which it goes
    public static KubeObject apiService(
            String group, String version, String namespace, String pem, Optional<String> owner) {
        return new KubeObject(
                Tree.of(
                        "apiVersion",
                        "apiregistration.k8s.io/v1",
                        "kind",
                        "APIService",
                        "metadata",
                        Tree.of(
                                "name",
                                version + "." + group,
                                "labels",
                                Tree.of("app.kubernetes.io/part-of", "tidemill", BY, OPERATOR),
                                "ownerReferences",
                                owner.<Object>map(uid -> List.of(role(uid)))),
                        "spec",
                        Tree.of(
                                "group",
                                group,
                                "version",
                                version,
                                "groupPriorityMinimum",
                                100,
                                "versionPriority",
                                200,
                                "service",
                                Tree.of("namespace", namespace, "name", NAME, "port", HTTPS),
                                "caBundle",
                                Base64.getEncoder()
                                        .encodeToString(pem.getBytes(StandardCharsets.US_ASCII)))));
    }

    private static Map<String, Object> role(String uid) {
        return Tree.of(
                "apiVersion", Rbac.GROUP + "/v1", "kind", "ClusterRole", "name", NAME, "uid", uid);
    }
}
