package dev.tidemill.manifests;

import dev.tidemill.spec.cluster.DevelopmentStore;
import java.net.URI;
import java.util.List;
import java.util.Map;

/// A PostgreSQL to develop with: one pod of the public image, as its user and in its folders.
final class PostgresObjects {
    static final String COMPONENT = "postgres";
    static final int PORT = 5432;

    /// Of the database and of its owner.
    static final String USER = "tidemill";

    static final URI URL =
            URI.create(
                    "postgresql://%s:%d/%s?sslmode=disable".formatted(Names.POSTGRES, PORT, USER));

    private static final String SECRET = "/etc/postgres";

    /// No folder of the image's own: those differ from one version to the next.
    private static final String DATA = "/data";

    /// A checkpoint at the end of a fast shutdown.
    private static final int GRACE_SECONDS = 60;

    private static final int START_SECONDS = 300;

    private PostgresObjects() {}

    static Scope scope(Platform platform) {
        return new Scope(platform, Names.POSTGRES, COMPONENT, Map.of());
    }

    static List<KubeObject> of(Platform platform, String image, DevelopmentStore store) {
        Scope scope = scope(platform);
        return StatePods.of(
                scope,
                store,
                GRACE_SECONDS,
                PORT,
                container(scope, image, store),
                List.of(
                        Pods.empty("tmp"),
                        Pods.empty("run"),
                        Pods.secret("secret", Names.POSTGRES, Names.USERNAME, Names.PASSWORD)));
    }

    private static Map<String, Object> container(
            Scope scope, String image, DevelopmentStore store) {
        return StatePods.container(
                scope,
                image,
                Tree.of("env", variables()),
                PORT,
                Quantities.of(store.resources(), "250m", "512Mi"),
                isReady(),
                START_SECONDS,
                List.of(
                        Pods.mount("tmp", "/tmp"),
                        Pods.mount("run", "/var/run/postgresql"),
                        Pods.mount("data", DATA),
                        Pods.readOnlyMount("secret", SECRET)));
    }

    private static List<Map<String, Object>> variables() {
        return List.of(
                Pods.variable("POSTGRES_USER_FILE", SECRET + "/" + Names.USERNAME),
                Pods.variable("POSTGRES_PASSWORD_FILE", SECRET + "/" + Names.PASSWORD),
                Pods.variable("POSTGRES_DB", USER),
                // Not the root of the volume, which has things of its own in it.
                Pods.variable("PGDATA", DATA + "/pgdata"));
    }

    /// By its port: the server that makes the database listens on a socket only.
    private static List<String> isReady() {
        return List.of("pg_isready", "--host=127.0.0.1", "--dbname=" + USER, "--quiet");
    }
}
