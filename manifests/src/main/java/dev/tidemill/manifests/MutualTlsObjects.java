package dev.tidemill.manifests;

import dev.tidemill.spec.cluster.MutualTls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What TLS between our processes needs: a Secret with a certificate in each pod, a Certificate of
/// cert-manager for each role where it makes them, and a plain port for those who probe and scrape,
/// who have no certificate.
public final class MutualTlsObjects {
    /// Folder of `tls.crt`, `tls.key` and `ca.crt` in a pod.
    public static final String FOLDER = "/etc/tidemill/identity";

    /// Plain, with health and metrics only.
    public static final int HEALTH = 9091;

    static final String PORT = "health";

    /// Of the volume; the command line finds the Secret of control by it.
    public static final String VOLUME = "identity";

    private MutualTlsObjects() {}

    static Optional<MutualTls> asked(Platform platform) {
        return platform.environment().network().mtls();
    }

    /// `https` or `http`, for whom our processes call.
    static String scheme(Platform platform) {
        return scheme(asked(platform));
    }

    static String scheme(Optional<MutualTls> mtls) {
        return mtls.isPresent() ? "https" : "http";
    }

    /// The port of a server or of control that probes and Prometheus ask.
    static String probed(Platform platform) {
        return asked(platform).isPresent() ? PORT : "http";
    }

    static int metricsPort(Platform platform, int otherwise) {
        return asked(platform).isPresent() ? HEALTH : otherwise;
    }

    /// Those for whom somebody issues.
    static List<KubeObject> of(Platform platform) {
        List<KubeObject> objects = new ArrayList<>();
        certificate(platform, ServerObjects.COMPONENT).ifPresent(objects::add);
        certificate(platform, ControlObjects.COMPONENT).ifPresent(objects::add);
        platform.gateway()
                .flatMap(_ -> certificate(platform, GatewayObjects.COMPONENT))
                .ifPresent(objects::add);
        return objects;
    }

    /// Empty where the Secrets are somebody else's.
    static Optional<KubeObject> certificate(Platform platform, String role) {
        return asked(platform)
                .flatMap(mtls ->
                        mtls.issuer().map(issuer -> certificate(platform, mtls, issuer, role)));
    }

    private static KubeObject certificate(
            Platform platform, MutualTls mtls, MutualTls.Issuer issuer, String role) {
        return new Scope(platform, mtls.secretOf(role), "platform", Map.of())
                .object(
                        "cert-manager.io/v1",
                        "Certificate",
                        "spec",
                        Tree.of(
                                "secretName",
                                mtls.secretOf(role),
                                "duration",
                                text(issuer.duration()),
                                "renewBefore",
                                text(issuer.renewBefore()),
                                "privateKey",
                                Tree.of(
                                        "algorithm",
                                        "ECDSA",
                                        "size",
                                        256,
                                        "rotationPolicy",
                                        "Always"),
                                "usages",
                                List.of("digital signature", "server auth", "client auth"),
                                // For tools that want a host's name; ours look at the URI.
                                "dnsNames",
                                List.of("tidemill-" + role),
                                "uris",
                                List.of(mtls.uriOf(role)),
                                "issuerRef",
                                Tree.of(
                                        "group",
                                        "cert-manager.io",
                                        "kind",
                                        issuer.kind(),
                                        "name",
                                        issuer.name())));
    }

    /// As Go writes durations.
    private static String text(Duration duration) {
        return "%dh%dm%ds"
                .formatted(duration.toHours(), duration.toMinutesPart(), duration.toSecondsPart());
    }

    static List<Map<String, Object>> volumes(Platform platform, String role) {
        return asked(platform).stream()
                .map(mtls ->
                        Pods.secret(VOLUME, mtls.secretOf(role), "tls.crt", "tls.key", "ca.crt"))
                .toList();
    }

    static List<Map<String, Object>> mounts(Platform platform) {
        return asked(platform).stream().map(_ -> Pods.readOnlyMount(VOLUME, FOLDER)).toList();
    }

    /// Of a container.
    static List<Map<String, Object>> ports(Platform platform) {
        return asked(platform).stream().map(_ -> Pods.port(PORT, HEALTH)).toList();
    }

    /// Of a Service, where ServiceMonitors look for it.
    static List<Map<String, Object>> servicePorts(Platform platform) {
        return asked(platform).stream().map(_ -> Services.port(PORT, HEALTH)).toList();
    }
}
