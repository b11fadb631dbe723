package dev.tidemill.manifests;

import dev.tidemill.common.ByteSize;
import dev.tidemill.common.Digest;
import dev.tidemill.spec.Gateway;
import dev.tidemill.spec.Route;
import dev.tidemill.spec.cluster.Exposure;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The gateway: a Deployment with its configuration, a Service, and the ways in from outside.
public final class GatewayObjects {
    /// Folder of the configuration in the pod.
    public static final String FOLDER = "/etc/tidemill";

    /// Folder of the files that hold keys of upstreams, which is what paths in the file are
    /// relative to.
    public static final String KEYS_FOLDER = FOLDER + "/keys";

    private static final String TOKEN_FOLDER = FOLDER + "/token";

    /// Of what control asks for.
    public static final String TOKEN_FILE = TOKEN_FOLDER + "/" + Names.SERVICE;

    /// Folder of the certificate and its key, where the file says that the gateway speaks TLS
    /// itself: whatever they are called there, on a cluster they are what a Secret of the type
    /// `kubernetes.io/tls` has.
    public static final String TLS_FOLDER = FOLDER + "/tls";

    public static final String CERTIFICATE = TLS_FOLDER + "/tls.crt";
    public static final String PRIVATE_KEY = TLS_FOLDER + "/tls.key";

    public static final int HTTP = 8080;
    public static final int GRPC = 8081;
    public static final int ADMIN = 9090;

    /// How long it serves on after SIGTERM.
    public static final long DRAIN_MILLIS = 1000;

    static final String COMPONENT = "gateway";
    private static final String CONFIG = "gateway.json";
    private static final int PAUSE_SECONDS = 5;
    private static final int MARGIN_SECONDS = 5;
    private static final ByteSize MEMORY = ByteSize.mebibytes(512);

    private GatewayObjects() {}

    static Scope scope(Platform platform, Gateway gateway) {
        return new Scope(platform, Names.gateway(gateway.name()), COMPONENT, Map.of());
    }

    static List<KubeObject> of(Platform platform, Gateway gateway, String config) {
        Scope scope = scope(platform, gateway);
        List<KubeObject> objects = new ArrayList<>();
        objects.add(scope.serviceAccount());
        objects.add(scope.object("v1", "ConfigMap", "data", Tree.of(CONFIG, config)));
        objects.add(deployment(scope, gateway, config));
        objects.add(service(scope, gateway));
        objects.add(ScalingObjects.budget(scope));
        gateway.exposure()
                .ingress()
                .ifPresent(ingress -> objects.add(EntryObjects.ingress(scope, gateway, ingress)));
        gateway.exposure()
                .httpRoute()
                .ifPresent(route -> objects.add(EntryObjects.httpRoute(scope, gateway, route)));
        objects.addAll(SplitObjects.of(platform, gateway));
        return objects;
    }

    /// The port of the Service: the file's, unless that leaves it open.
    static int port(Gateway gateway) {
        return gateway.port() == 0 ? HTTP : gateway.port();
    }

    private static KubeObject deployment(Scope scope, Gateway gateway, String config) {
        Exposure exposure = gateway.exposure();
        return scope.object(
                "apps/v1",
                "Deployment",
                "spec",
                Tree.of(
                        "replicas",
                        exposure.replicas(),
                        "revisionHistoryLimit",
                        5,
                        "progressDeadlineSeconds",
                        300,
                        "selector",
                        Tree.of("matchLabels", scope.selector()),
                        "strategy",
                        ServerObjects.rolling("25%"),
                        "template",
                        Pods.template(
                                scope,
                                exposure.pod(),
                                Optional.of(
                                        Digest.of(config.getBytes(StandardCharsets.UTF_8)).hex()),
                                grace(gateway),
                                container(scope, gateway),
                                Tree.joined(
                                        volumes(scope, gateway),
                                        MutualTlsObjects.volumes(scope.platform(), COMPONENT)))));
    }

    /// The longest request that may be in flight has time to end.
    private static long grace(Gateway gateway) {
        Duration longest =
                Stream.concat(
                                Stream.of(gateway.requestTimeout()),
                                gateway.routes().stream()
                                        .filter(route -> !route.upstreams().isEmpty())
                                        .map(route -> route.timeouts().request()))
                        .max(Duration::compareTo)
                        .orElseThrow();
        return PAUSE_SECONDS
                + Duration.ofMillis(DRAIN_MILLIS).plus(longest).toSeconds()
                + MARGIN_SECONDS;
    }

    private static Map<String, Object> container(Scope scope, Gateway gateway) {
        return Container.ours(
                scope,
                "args",
                List.of("gateway", "--config=" + FOLDER + "/" + CONFIG),
                "env",
                variables(scope, gateway),
                "ports",
                Tree.joined(ports(gateway), MutualTlsObjects.ports(scope.platform())),
                "resources",
                Quantities.of(gateway.exposure().resources(), "250m", Quantities.bytes(MEMORY)),
                "startupProbe",
                probe(gateway, "/health/started", 1, 2, 60),
                "readinessProbe",
                probe(gateway, "/health/ready", 2, 2, 2),
                "livenessProbe",
                probe(gateway, "/health/live", 10, 5, 3),
                "lifecycle",
                Pods.pause(PAUSE_SECONDS),
                "securityContext",
                Pods.containerSecurity(),
                "volumeMounts",
                Tree.joined(mounts(gateway), MutualTlsObjects.mounts(scope.platform())));
    }

    private static List<Map<String, Object>> ports(Gateway gateway) {
        List<Map<String, Object>> ports = new ArrayList<>();
        ports.add(Pods.port("http", HTTP));
        gateway.grpcPort().ifPresent(_ -> ports.add(Pods.port("grpc", GRPC)));
        ports.add(Pods.port("admin", ADMIN));
        return ports;
    }

    /// The file's ports; one that the file leaves open is the pod's.
    private static List<Map<String, Object>> servicePorts(Gateway gateway) {
        List<Map<String, Object>> ports = new ArrayList<>();
        ports.add(servicePort("http", gateway.tls().map(_ -> "https"), port(gateway)));
        gateway.grpcPort()
                .ifPresent(port ->
                        ports.add(
                                servicePort("grpc", Optional.of("grpc"), port == 0 ? GRPC : port)));
        return ports;
    }

    private static Map<String, Object> servicePort(
            String name, Optional<String> protocol, int port) {
        return Tree.of(
                "name",
                name,
                "appProtocol",
                protocol,
                "port",
                port,
                "targetPort",
                name,
                "protocol",
                "TCP");
    }

    private static Map<String, Object> probe(
            Gateway gateway, String path, int period, int timeout, int failures) {
        return gateway.tls().isPresent()
                ? Pods.secureProbe(path, "http", period, timeout, failures)
                : Pods.probe(path, "http", period, timeout, failures);
    }

    private static List<Map<String, Object>> variables(Scope scope, Gateway gateway) {
        List<Map<String, Object>> variables = new ArrayList<>();
        variables.add(Pods.variable("TIDEMILL_JAVA_OPTS", heap(gateway)));
        credentials(gateway)
                .flatMap(key -> key.env().stream())
                .distinct()
                .forEach(name -> variables.add(secret(scope, gateway, name)));
        return variables;
    }

    private static Map<String, Object> secret(Scope scope, Gateway gateway, String name) {
        Optional<String> ofRedis =
                scope.environment()
                        .state()
                        .redis()
                        .filter(_ -> name.equals(GatewayStore.PASSWORD))
                        .flatMap(StateObjects::secret);
        return ofRedis.isPresent()
                ? Pods.secretVariable(name, ofRedis.get(), Names.PASSWORD)
                : Pods.secretVariable(name, Names.gatewayKeys(gateway.name()), name);
    }

    /// Half of the memory: bodies on their way are in the other half.
    private static String heap(Gateway gateway) {
        ByteSize memory = gateway.exposure().resources().memory().orElse(MEMORY);
        return "-Xmx%dm".formatted(memory.bytes() >> 21);
    }

    private static List<Map<String, Object>> mounts(Gateway gateway) {
        List<Map<String, Object>> mounts = new ArrayList<>();
        mounts.add(Pods.mount("tmp", "/tmp"));
        mounts.add(Pods.readOnlyMount("config", FOLDER));
        if (speaksToControl(gateway)) {
            mounts.add(Pods.readOnlyMount("token", TOKEN_FOLDER));
        }
        if (!keyFiles(gateway).isEmpty()) {
            mounts.add(Pods.readOnlyMount("keys", KEYS_FOLDER));
        }
        if (gateway.tls().isPresent()) {
            mounts.add(Pods.readOnlyMount("tls", TLS_FOLDER));
        }
        return mounts;
    }

    /// Where its audit log goes, and how far its rollouts are.
    private static boolean speaksToControl(Gateway gateway) {
        return gateway.answers().audit().isPresent() || gateway.hasCanaries();
    }

    private static List<Map<String, Object>> volumes(Scope scope, Gateway gateway) {
        List<Map<String, Object>> volumes = new ArrayList<>();
        volumes.add(Pods.empty("tmp"));
        volumes.add(Pods.configMap("config", scope.name()));
        if (speaksToControl(gateway)) {
            volumes.add(Pods.token());
        }
        Map<String, String> files = keyFiles(gateway);
        if (!files.isEmpty()) {
            volumes.add(
                    Tree.of(
                            "name",
                            "keys",
                            "secret",
                            Tree.of(
                                    "secretName",
                                    Names.gatewayKeys(gateway.name()),
                                    "items",
                                    files.entrySet().stream()
                                            .map(file ->
                                                    Tree.of(
                                                            "key",
                                                            file.getValue(),
                                                            "path",
                                                            file.getKey()))
                                            .toList())));
        }
        if (gateway.tls().isPresent()) {
            volumes.add(
                    Tree.of(
                            "name",
                            "tls",
                            "secret",
                            Tree.of("secretName", Names.gatewayTls(gateway.name()))));
        }
        return volumes;
    }

    /// Path in the file to key in the Secret, which is the file's name.
    private static Map<String, String> keyFiles(Gateway gateway) {
        Map<String, String> files = new LinkedHashMap<>();
        credentials(gateway)
                .flatMap(key -> key.file().stream())
                .map(path -> path.startsWith("./") ? path.substring(2) : path)
                .forEach(path -> files.put(path, path.substring(path.lastIndexOf('/') + 1)));
        return files;
    }

    private static Stream<Route.Credential> credentials(Gateway gateway) {
        return gateway.credentials().stream().map(Gateway.GivenCredential::credential);
    }

    private static KubeObject service(Scope scope, Gateway gateway) {
        Exposure.ServiceType service = gateway.exposure().service();
        Map<String, Object> metadata = scope.metadata(scope.name());
        Map<String, Object> annotations =
                Tree.with(scope.environment().annotations(), service.annotations());
        Tree.some(annotations).ifPresent(some -> metadata.put("annotations", some));
        return new KubeObject(
                Tree.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "Service",
                        "metadata",
                        metadata,
                        "spec",
                        Tree.of(
                                "type",
                                service.type(),
                                "selector",
                                scope.selector(),
                                "ports",
                                servicePorts(gateway))));
    }
}
