package dev.tidemill.spec;

import dev.tidemill.common.ByteSize;
import dev.tidemill.spec.cluster.ExposureKeys;
import dev.tidemill.spec.yaml.Form;
import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Presence;
import dev.tidemill.spec.yaml.Shape;
import dev.tidemill.spec.yaml.ValueTypes;
import java.time.Duration;
import java.util.regex.Pattern;

/// The keys of a `Gateway`.
final class GatewayKeys {
    private static final Pattern HOST_NAME =
            Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]{2,45}");
    static final Key.Value<String> HOST =
            new Key.Value<>(
                    "host",
                    ValueTypes.matching(
                                    "a host name or address such as 127.0.0.1 or 0.0.0.0",
                                    "127.0.0.1",
                                    GatewayKeys::isHost)
                            .as(new Form.Text(253, HOST_NAME + "|" + IPV6)),
                    Presence.otherwise("127.0.0.1"),
                    "Where to listen; 0.0.0.0 is every address of the machine.");
    static final Key.Value<Integer> PORT =
            new Key.Value<>(
                    "port",
                    ValueTypes.whole(0, 65_535),
                    Presence.otherwise("8080"),
                    "Where to listen; 0 is any free port.");
    static final Key.Value<Integer> GRPC_PORT =
            new Key.Value<>(
                    "grpcPort",
                    ValueTypes.whole(0, 65_535),
                    Presence.optional("no gRPC"),
                    "Where to listen for gRPC, with the same keys, limits and certificate: the Open"
                            + " Inference Protocol and TensorFlow Serving's; 0 is any free port.");
    static final Key.Value<String> CERTIFICATE =
            new Key.Value<>(
                    "certificate",
                    ValueTypes.text("a path", 1000),
                    Presence.required(),
                    "PEM file with the certificate and those that vouch for it; relative to the"
                            + " folder of this file. What is there later is taken without a restart.");
    static final Key.Value<String> PRIVATE_KEY =
            new Key.Value<>(
                    "key",
                    ValueTypes.text("a path", 1000),
                    Presence.required(),
                    "PEM file with its private key, without a password.");
    static final Key.Section TLS =
            new Key.Section(
                    "tls",
                    Shape.of(CERTIFICATE, PRIVATE_KEY),
                    Presence.optional("plain HTTP"),
                    "HTTPS, with TLS 1.2 or 1.3. Under `tidemill up` the listener is plain.");
    static final Key.Sections LISTENERS =
            new Key.Sections(
                    "listeners",
                    Shape.of(HOST, PORT, GRPC_PORT, TLS),
                    1,
                    1,
                    Presence.optional("`[{host: 127.0.0.1, port: 8080}]`"),
                    "The address that clients use.");

    static final Key.Value<Duration> REQUEST =
            new Key.Value<>(
                    "request",
                    ValueTypes.duration("10ms", "1h"),
                    Presence.otherwise("30s"),
                    "For the whole of a request to a `Model` of this file.");
    static final Key.Value<Duration> WAIT_FOR_REPLICA =
            new Key.Value<>(
                    "waitForReplica",
                    ValueTypes.duration("0s", "10m"),
                    Presence.otherwise("10s"),
                    "How long a request waits for a replica to become ready.");
    static final Key.Value<Duration> HEARTBEAT =
            new Key.Value<>(
                    "heartbeat",
                    ValueTypes.duration("1s", "10m"),
                    Presence.otherwise("15s"),
                    "The longest silence of a stream of events: then a comment is sent, which keeps"
                            + " proxies from ending it.");
    static final Key.Section TIMEOUTS =
            new Key.Section(
                    "timeouts",
                    Shape.of(REQUEST, WAIT_FOR_REPLICA, HEARTBEAT),
                    Presence.otherwise("{}"),
                    "After which a request is answered with an error.");
    static final Key.Value<ByteSize> MAX_BODY =
            new Key.Value<>(
                    "maxBody",
                    ValueTypes.size("1Ki", "1Gi"),
                    Presence.otherwise("32Mi"),
                    "The largest request body.");
    static final Key.Value<Integer> CONNECTIONS =
            new Key.Value<>(
                    "connectionsPerClient",
                    ValueTypes.whole(1, 1_000_000),
                    Presence.optional("not limited"),
                    "Connections at a time of one address, but not of `access.trustedProxies`.");
    static final Key.Section LIMITS =
            new Key.Section(
                    "limits",
                    Shape.of(MAX_BODY, CONNECTIONS, RateKeys.RATES, SharedLimitKeys.SHARED),
                    Presence.otherwise("{}"),
                    "What a client may send.");

    static final Shape SPEC =
            Shape.of(
                            LISTENERS,
                            RouteKeys.ROUTES,
                            TIMEOUTS,
                            LIMITS,
                            PriceKeys.PRICES,
                            AccessKeys.ACCESS,
                            GuardKeys.GUARDRAILS,
                            CacheKeys.CACHES,
                            AnswerKeys.AUDIT)
                    .and(ExposureKeys.ALL);

    private GatewayKeys() {}

    private static boolean isHost(String text) {
        return HOST_NAME.matcher(text).matches()
                || (text.contains(":") && IPV6.matcher(text).matches());
    }
}
