package dev.tidemill.manifests;

import dev.tidemill.common.ByteSize;
import dev.tidemill.spec.cluster.DevelopmentStore;
import java.net.URI;
import java.util.List;
import java.util.Map;

/// A Redis to develop with: one pod of the public image that writes down what it is told.
final class RedisObjects {
    static final String COMPONENT = "redis";
    static final int PORT = 6379;
    static final URI URL = URI.create("redis://%s:%d".formatted(Names.REDIS, PORT));

    private static final String SECRET = "/etc/redis";
    private static final int GRACE_SECONDS = 30;
    private static final int START_SECONDS = 120;
    private static final ByteSize MEMORY = ByteSize.mebibytes(256);

    private RedisObjects() {}

    static Scope scope(Platform platform) {
        return new Scope(platform, Names.REDIS, COMPONENT, Map.of());
    }

    static List<KubeObject> of(Platform platform, String image, DevelopmentStore store) {
        Scope scope = scope(platform);
        return StatePods.of(
                scope,
                store,
                GRACE_SECONDS,
                PORT,
                container(scope, image, store),
                List.of(Pods.empty("tmp"), Pods.secret("secret", Names.REDIS, Names.PASSWORD)));
    }

    private static Map<String, Object> container(
            Scope scope, String image, DevelopmentStore store) {
        return StatePods.container(
                scope,
                image,
                Tree.of("command", List.of("sh", "-c", start(store))),
                PORT,
                Quantities.of(store.resources(), "100m", Quantities.bytes(MEMORY)),
                answers(),
                START_SECONDS,
                List.of(
                        Pods.mount("tmp", "/tmp"),
                        Pods.mount("data", "/data"),
                        Pods.readOnlyMount("secret", SECRET)));
    }

    /// The password is in no argument, which others may read. Of the memory a half is for data:
    /// what is written anew at once needs room beside it.
    private static String start(DevelopmentStore store) {
        long most = store.resources().memory().orElse(MEMORY).bytes() / 2;
        return """
        set -eu
        umask 077
        printf 'requirepass "%%s"\\n' "$(cat %s/%s)" > /tmp/redis.conf
        exec redis-server /tmp/redis.conf --dir /data --appendonly yes --maxmemory %d
        """
                .formatted(SECRET, Names.PASSWORD, most);
    }

    private static List<String> answers() {
        return List.of(
                "sh",
                "-c",
                "REDISCLI_AUTH=\"$(cat %s/%s)\" redis-cli ping | grep -q PONG"
                        .formatted(SECRET, Names.PASSWORD));
    }
}
