package dev.tidemill.manifests;

import dev.tidemill.spec.cluster.ClusterDatabase;
import dev.tidemill.spec.cluster.ClusterDatabase.Backup;
import dev.tidemill.spec.cluster.ClusterObjectStore;
import dev.tidemill.spec.cluster.PodSettings;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Backups of the registry's database: `pg_dump` by the clock, onto a volume that nothing here ever
/// removes, and from there into the bucket, where there is one.
final class BackupObjects {
    static final String COMPONENT = "backup";

    private static final String FOLDER = "/backup";
    private static final String SECRET = "/etc/postgres";
    private static final String OBJECTS = "/etc/tidemill/objects";
    private static final int GRACE_SECONDS = 30;
    private static final int MOST_SECONDS = 6 * 3600;

    private BackupObjects() {}

    static Scope scope(Platform platform) {
        return new Scope(platform, Names.BACKUP, COMPONENT, Map.of());
    }

    static List<KubeObject> of(Platform platform, ClusterDatabase database, Backup backup) {
        Scope scope = scope(platform);
        return List.of(
                scope.serviceAccount(), claim(scope, backup), cronJob(scope, database, backup));
    }

    private static KubeObject claim(Scope scope, Backup backup) {
        KubeObject claim =
                scope.object(
                        "v1",
                        "PersistentVolumeClaim",
                        "spec",
                        StatePods.claim(
                                StatePods.storageClass(scope, backup.volume()),
                                backup.volume().size()));
        Map<String, Object> metadata = scope.metadata(scope.name());
        metadata.put(
                "annotations",
                Tree.with(
                        scope.environment().annotations(),
                        // Helm would remove it with the release.
                        Tree.of("helm.sh/resource-policy", "keep")));
        return new KubeObject(Tree.with(claim.fields(), Tree.of("metadata", metadata)));
    }

    private static KubeObject cronJob(Scope scope, ClusterDatabase database, Backup backup) {
        return scope.object(
                "batch/v1",
                "CronJob",
                "spec",
                Tree.of(
                        "schedule",
                        backup.schedule(),
                        "timeZone",
                        backup.timeZone(),
                        "concurrencyPolicy",
                        "Forbid",
                        // A controller that was away makes up for it.
                        "startingDeadlineSeconds",
                        3600,
                        "successfulJobsHistoryLimit",
                        1,
                        "failedJobsHistoryLimit",
                        3,
                        "jobTemplate",
                        Tree.of(
                                "spec",
                                Tree.of(
                                        "backoffLimit",
                                        3,
                                        "activeDeadlineSeconds",
                                        MOST_SECONDS,
                                        "template",
                                        template(scope, database, backup)))));
    }

    private static Map<String, Object> template(
            Scope scope, ClusterDatabase database, Backup backup) {
        Map<String, Object> dump = container(database, backup);
        Optional<ClusterObjectStore> bucket = scope.environment().state().objectStore();
        Map<String, Object> template =
                StatePods.template(
                        scope,
                        PodSettings.NONE,
                        GRACE_SECONDS,
                        bucket.map(store -> copy(scope, store)).orElse(dump),
                        Tree.joined(
                                volumes(database),
                                bucket.stream()
                                        .map(store -> Pods.secret("objects", store.secretName()))
                                        .toList()));
        return Pods.once(bucket.isPresent() ? Pods.before(template, List.of(dump)) : template);
    }

    /// Puts what the volume has and the bucket has not: one that failed is made up for.
    private static Map<String, Object> copy(Scope scope, ClusterObjectStore store) {
        List<String> arguments = new ArrayList<>();
        arguments.add("backup");
        arguments.add("--folder=" + FOLDER);
        arguments.add("--bucket=" + store.bucket());
        arguments.add("--prefix=" + prefix(store) + "backups/");
        store.endpoint().ifPresent(endpoint -> arguments.add("--endpoint=" + endpoint));
        arguments.add("--region=" + store.region());
        if (store.pathStyle()) {
            arguments.add("--path-style");
        }
        arguments.add("--credentials=" + OBJECTS);
        return Container.command(
                scope,
                "copy",
                arguments,
                List.of(
                        Pods.mount("tmp", "/tmp"),
                        Pods.readOnlyMount("backup", FOLDER),
                        Pods.readOnlyMount("objects", OBJECTS)));
    }

    private static String prefix(ClusterObjectStore store) {
        return store.prefix().isEmpty() || store.prefix().endsWith("/")
                ? store.prefix()
                : store.prefix() + "/";
    }

    private static Map<String, Object> container(ClusterDatabase database, Backup backup) {
        return Container.pinned(
                COMPONENT,
                database.image(),
                "command",
                List.of("sh", "-c", script(backup.keep())),
                "env",
                variables(database),
                "resources",
                Tree.of(
                        "requests",
                        Tree.of("cpu", "100m", "memory", "128Mi"),
                        "limits",
                        Tree.of("memory", "256Mi")),
                "securityContext",
                Pods.containerSecurity(),
                "volumeMounts",
                List.of(
                        Pods.mount("tmp", "/tmp"),
                        Pods.mount("backup", FOLDER),
                        Pods.readOnlyMount("secret", SECRET)));
    }

    /// A dump has its name when it is whole, and only then one that is too many goes.
    private static String script(int keep) {
        return """
        set -eu
        umask 077
        cd %1$s
        authority=%3$s/ca.crt
        [ -f "$authority" ] || authority=system
        [ "${PGSSLMODE-}" != verify-full ] || export PGSSLROOTCERT="$authority"
        rm -f -- *.part
        file="$(date -u +%%Y%%m%%dT%%H%%M%%SZ).dump"
        pg_dump --format=custom --no-owner --file="$file.part"
        pg_restore --list "$file.part" > /dev/null
        mv "$file.part" "$file"
        echo "$file $(stat -c %%s "$file") bytes"
        ls -1 *.dump | sort -r | tail -n +%2$d | xargs -r rm -f --
        """
                .formatted(FOLDER, keep + 1, SECRET);
    }

    private static List<Map<String, Object>> variables(ClusterDatabase database) {
        URI url = StateObjects.url(database);
        String secret = StateObjects.secret(database);
        List<Map<String, Object>> variables = new ArrayList<>();
        variables.add(Pods.variable("PGHOST", host(url)));
        variables.add(
                Pods.variable(
                        "PGPORT",
                        String.valueOf(url.getPort() < 0 ? PostgresObjects.PORT : url.getPort())));
        variables.add(Pods.variable("PGDATABASE", url.getRawPath().substring(1)));
        sslMode(url).ifPresent(mode -> variables.add(Pods.variable("PGSSLMODE", mode)));
        variables.add(Pods.secretVariable("PGUSER", secret, Names.USERNAME));
        variables.add(Pods.secretVariable("PGPASSWORD", secret, Names.PASSWORD));
        return variables;
    }

    private static Optional<String> sslMode(URI url) {
        return Optional.ofNullable(url.getRawQuery())
                .map(query -> query.substring(query.indexOf('=') + 1));
    }

    private static String host(URI url) {
        String host = url.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static List<Map<String, Object>> volumes(ClusterDatabase database) {
        return List.of(
                Pods.empty("tmp"),
                Tree.of(
                        "name",
                        "backup",
                        "persistentVolumeClaim",
                        Tree.of("claimName", Names.BACKUP)),
                Pods.secret("secret", StateObjects.secret(database)));
    }
}
