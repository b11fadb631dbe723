package dev.tidemill.spec.cluster;

import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.MappingCursor;
import dev.tidemill.spec.yaml.Presence;
import dev.tidemill.spec.yaml.Shape;
import dev.tidemill.spec.yaml.ValueTypes;
import java.time.Duration;
import java.util.Optional;

/// The key `mtls` of an `Environment`.
final class MutualTlsKeys {
    static final Key.Value<String> SECRET =
            new Key.Value<>(
                    "secret",
                    ValueTypes.name(),
                    Presence.otherwise("tidemill-mtls"),
                    "What the names of the Secrets begin with: -gateway, -server, -control and, for"
                            + " our operator, -operator follow. Each has tls.crt, tls.key and"
                            + " ca.crt.");
    static final Key.Value<String> TRUST_DOMAIN =
            new Key.Value<>(
                    "trustDomain",
                    ClusterTypes.subdomain("prod.example.com"),
                    Presence.otherwise("tidemill"),
                    "Of this platform: a certificate is a gateway's by the URI"
                            + " spiffe://TRUSTDOMAIN/gateway among its names.");
    static final Key.Value<String> ISSUER =
            new Key.Value<>(
                    "issuer",
                    ClusterTypes.subdomain("our-ca"),
                    Presence.optional("no Certificates are made"),
                    "An Issuer of cert-manager in this namespace, which makes the Secrets.");
    static final Key.Value<String> CLUSTER_ISSUER =
            new Key.Value<>(
                    "clusterIssuer",
                    ClusterTypes.subdomain("our-ca"),
                    Presence.optional("no Certificates are made"),
                    "Instead: a ClusterIssuer, which our operator needs where it is in another"
                            + " namespace.");
    static final Key.Value<Duration> DURATION =
            new Key.Value<>(
                    "duration",
                    ValueTypes.duration("1h", "3650d"),
                    Presence.otherwise("30d"),
                    "How long a certificate is valid, with an issuer.");
    static final Key.Value<Duration> RENEW_BEFORE =
            new Key.Value<>(
                    "renewBefore",
                    ValueTypes.duration("5m", "3650d"),
                    Presence.otherwise("10d"),
                    "How long before its end another takes its place; less than `duration`.");
    static final Key.Section MTLS =
            new Key.Section(
                    "mtls",
                    Shape.of(SECRET, TRUST_DOMAIN, ISSUER, CLUSTER_ISSUER, DURATION, RENEW_BEFORE),
                    Presence.optional("plain HTTP between our pods"),
                    "Our processes speak TLS to one another, each with a certificate of its role.");

    private MutualTlsKeys() {}

    static Optional<MutualTls> read(MappingCursor spec) {
        MappingCursor mtls = spec.child(MTLS);
        if (!spec.has(MTLS)) {
            return Optional.empty();
        }
        Optional<String> own = mtls.find(ISSUER);
        Optional<String> shared = mtls.find(CLUSTER_ISSUER);
        Duration duration = mtls.get(DURATION);
        Duration renewBefore = mtls.get(RENEW_BEFORE);
        if (own.isPresent() && shared.isPresent()) {
            mtls.problem(CLUSTER_ISSUER, "one of issuer and clusterIssuer");
        }
        if (renewBefore.compareTo(duration) >= 0) {
            mtls.problem(
                    mtls.has(RENEW_BEFORE) ? RENEW_BEFORE : DURATION,
                    "renewBefore, 10d unless given, less than duration");
        }
        return Optional.of(
                new MutualTls(
                        mtls.get(SECRET),
                        mtls.get(TRUST_DOMAIN),
                        own.map(name -> new MutualTls.Issuer("Issuer", name, duration, renewBefore))
                                .or(() ->
                                        shared.map(name ->
                                                new MutualTls.Issuer(
                                                        "ClusterIssuer",
                                                        name,
                                                        duration,
                                                        renewBefore)))));
    }
}
