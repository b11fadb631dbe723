package dev.tidemill.manifests;

import dev.tidemill.common.Digest;
import dev.tidemill.spec.cluster.ControlPlane;
import dev.tidemill.spec.cluster.MutualTls;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Control: one pod with a volume for its artifacts, and for its database where no other is named.
public final class ControlObjects {
    public static final int HTTP = 8080;

    static final String COMPONENT = "control";
    private static final String CONFIG = "control.json";
    private static final String TOKENS = "/etc/tidemill/tokens";
    private static final String DATA = "/var/lib/tidemill";
    private static final String DATABASE = "/etc/tidemill/database";
    private static final String OBJECTS = "/etc/tidemill/objects";

    /// It finishes what is in flight and stops PostgreSQL, see `ControlProcess`.
    private static final int GRACE_SECONDS = 40;

    private ControlObjects() {}

    /// Where it is inside its namespace.
    ///
    /// @param mtls whether it speaks TLS
    public static String address(Optional<MutualTls> mtls) {
        return "%s://%s:%d".formatted(MutualTlsObjects.scheme(mtls), Names.CONTROL, HTTP);
    }

    static Scope scope(Platform platform) {
        return new Scope(platform, Names.CONTROL, COMPONENT, Map.of());
    }

    static List<KubeObject> of(Platform platform) {
        Scope scope = scope(platform);
        String config =
                """
                {
                  "name" : "control",
                  "host" : "0.0.0.0",
                  "port" : %d,
                  "dataDirectory" : "%s",
                  "tokens" : "%s"%s%s%s
                }
                """
                        .formatted(
                                HTTP,
                                DATA,
                                TOKENS,
                                database(platform),
                                objects(platform),
                                kept(platform) + mtls(platform));
        return List.of(
                scope.serviceAccount(),
                scope.object("v1", "ConfigMap", "data", Tree.of(CONFIG, config)),
                statefulSet(scope, config),
                // Its one pod by name: what the StatefulSet wants, and enough.
                Services.pods(
                        scope,
                        scope.name(),
                        Tree.joined(
                                List.of(Services.port("http", HTTP)),
                                MutualTlsObjects.servicePorts(platform))));
    }

    private static String mtls(Platform platform) {
        return MutualTlsObjects.asked(platform)
                .map(_ ->
                        ",\n  \"mtls\" : {\"folder\" : \"%s\", \"healthPort\" : %d}"
                                .formatted(MutualTlsObjects.FOLDER, MutualTlsObjects.HEALTH))
                .orElse("");
    }

    /// Another PostgreSQL than control's own.
    private static String database(Platform platform) {
        return platform.environment()
                .state()
                .database()
                .map(database ->
                        ",\n  \"database\" : {\"url\" : \"%s\", \"credentials\" : \"%s\"}"
                                .formatted(StateObjects.url(database), DATABASE))
                .orElse("");
    }

    /// Where artifacts are, beside its own volume.
    private static String objects(Platform platform) {
        return platform.environment()
                .state()
                .objectStore()
                .map(store ->
                        ",\n  \"objectStore\" : {\"bucket\" : \"%s\", \"prefix\" : \"%s\", %s"
                                        .formatted(
                                                store.bucket(),
                                                store.prefix(),
                                                store.endpoint()
                                                        .map("\"endpoint\" : \"%s\", "::formatted)
                                                        .orElse(""))
                                + "\"region\" : \"%s\", \"pathStyle\" : %s, \"credentials\" : \"%s\"}"
                                        .formatted(store.region(), store.pathStyle(), OBJECTS))
                .orElse("");
    }

    /// How much of the audit log is kept, where the file has one.
    private static String kept(Platform platform) {
        return platform.gateway()
                .flatMap(gateway -> gateway.answers().audit())
                .map(audit ->
                        ",\n  \"audit\" : {\"maxAgeMillis\" : %d, \"maxRecords\" : %d, \"maxBytes\" : %d}"
                                .formatted(
                                        audit.maxAge().toMillis(),
                                        audit.maxRecords(),
                                        audit.maxSize().bytes()))
                .orElse("");
    }

    private static KubeObject statefulSet(Scope scope, String config) {
        ControlPlane control = scope.environment().control();
        return scope.object(
                "apps/v1",
                "StatefulSet",
                "spec",
                Tree.of(
                        "serviceName",
                        scope.name(),
                        // The database is this pod's own: two would be two registries.
                        "replicas",
                        1,
                        "revisionHistoryLimit",
                        5,
                        "selector",
                        Tree.of("matchLabels", scope.selector()),
                        "template",
                        Pods.template(
                                scope,
                                control.pod(),
                                Optional.of(
                                        Digest.of(config.getBytes(StandardCharsets.UTF_8)).hex()),
                                GRACE_SECONDS,
                                container(scope),
                                Tree.joined(
                                        volumes(scope),
                                        MutualTlsObjects.volumes(scope.platform(), COMPONENT))),
                        // Models and their history outlive a mistake.
                        "persistentVolumeClaimRetentionPolicy",
                        Tree.of("whenDeleted", "Retain", "whenScaled", "Retain"),
                        "volumeClaimTemplates",
                        List.of(
                                StatePods.data(
                                        scope,
                                        scope.environment().storageClassName(),
                                        control.storage()))));
    }

    private static List<Map<String, Object>> volumes(Scope scope) {
        List<Map<String, Object>> volumes = new ArrayList<>();
        volumes.add(Pods.empty("tmp"));
        volumes.add(Pods.secret("tokens", Names.TOKENS, Names.ADMIN, Names.SERVICE));
        volumes.add(Pods.configMap("config", scope.name()));
        scope.environment()
                .state()
                .database()
                .map(StateObjects::secret)
                .ifPresent(secret -> volumes.add(Pods.secret("database", secret)));
        scope.environment()
                .state()
                .objectStore()
                .ifPresent(store -> volumes.add(Pods.secret("objects", store.secretName())));
        return volumes;
    }

    private static List<Map<String, Object>> mounts(Scope scope) {
        List<Map<String, Object>> mounts = new ArrayList<>();
        mounts.add(Pods.mount("tmp", "/tmp"));
        mounts.add(Pods.mount("data", DATA));
        mounts.add(Pods.readOnlyMount("config", GatewayObjects.FOLDER));
        mounts.add(Pods.readOnlyMount("tokens", TOKENS));
        if (scope.environment().state().database().isPresent()) {
            mounts.add(Pods.readOnlyMount("database", DATABASE));
        }
        if (scope.environment().state().objectStore().isPresent()) {
            mounts.add(Pods.readOnlyMount("objects", OBJECTS));
        }
        return mounts;
    }

    private static Map<String, Object> container(Scope scope) {
        String probed = MutualTlsObjects.probed(scope.platform());
        return Container.ours(
                scope,
                "args",
                List.of("control", "--config=" + GatewayObjects.FOLDER + "/" + CONFIG),
                "env",
                List.of(Pods.variable("TIDEMILL_JAVA_OPTS", "-XX:MaxRAMPercentage=50")),
                "ports",
                Tree.joined(
                        List.of(Pods.port("http", HTTP)), MutualTlsObjects.ports(scope.platform())),
                "resources",
                Quantities.of(scope.environment().control().resources(), "500m", "2Gi"),
                "startupProbe",
                Pods.probe("/health/started", probed, 1, 2, 120),
                "readinessProbe",
                Pods.probe("/health/ready", probed, 2, 2, 2),
                "livenessProbe",
                Pods.probe("/health/live", probed, 10, 5, 3),
                "securityContext",
                Pods.containerSecurity(),
                "volumeMounts",
                Tree.joined(mounts(scope), MutualTlsObjects.mounts(scope.platform())));
    }
}
