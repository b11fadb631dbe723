package dev.tidemill.spec.cluster;

import dev.tidemill.common.ByteSize;
import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.MappingCursor;
import java.net.URI;
import java.util.Optional;

/// Reads where an `Environment` keeps its state.
final class StateReader {
    private StateReader() {}

    static ClusterState read(MappingCursor spec) {
        Optional<SecretStore> secretStore = ExternalSecretKeys.store(spec);
        return new ClusterState(
                database(spec),
                redis(spec),
                objectStore(spec),
                vectorStore(spec),
                secretStore,
                ExternalSecretKeys.secrets(spec, secretStore));
    }

    private static Optional<ClusterDatabase> database(MappingCursor spec) {
        MappingCursor database = spec.child(StateKeys.DATABASE);
        boolean one = isOne(spec, StateKeys.DATABASE, database, StateKeys.DATABASE_URL);
        boolean made = database.has(StateKeys.DATABASE_MADE);
        DevelopmentStore store =
                store(database.child(StateKeys.DATABASE_MADE), StateKeys.DATABASE_STORAGE);
        Optional<String> secret = database.find(StateKeys.DATABASE_SECRET);
        if (one && database.has(StateKeys.DATABASE_SECRET) == made) {
            database.problem(
                    StateKeys.DATABASE_SECRET,
                    made ? "none beside development" : "a Secret with username and password");
        }
        ClusterDatabase read =
                new ClusterDatabase(
                        made
                                ? new ClusterDatabase.Place.Made(store)
                                : new ClusterDatabase.Place.Named(
                                        database.get(StateKeys.DATABASE_URL), secret.orElse("")),
                        database.get(StateKeys.IMAGE_OF_POSTGRES),
                        backup(database));
        return given(spec, StateKeys.DATABASE, read);
    }

    private static Optional<ClusterDatabase.Backup> backup(MappingCursor database) {
        MappingCursor backup = database.child(StateKeys.BACKUP);
        return given(
                database,
                StateKeys.BACKUP,
                new ClusterDatabase.Backup(
                        backup.get(StateKeys.SCHEDULE),
                        backup.get(StateKeys.TIME_ZONE),
                        backup.get(StateKeys.KEEP),
                        volume(backup, StateKeys.BACKUP_STORAGE)));
    }

    private static Optional<ClusterRedis> redis(MappingCursor spec) {
        MappingCursor redis = spec.child(StateKeys.REDIS);
        boolean one = isOne(spec, StateKeys.REDIS, redis, StateKeys.REDIS_URL);
        boolean made = redis.has(StateKeys.REDIS_MADE);
        DevelopmentStore store = store(redis.child(StateKeys.REDIS_MADE), StateKeys.REDIS_STORAGE);
        Optional<String> secret = redis.find(StateKeys.REDIS_SECRET);
        Optional<String> user = redis.find(StateKeys.REDIS_USER);
        if (one && made && redis.has(StateKeys.REDIS_SECRET)) {
            redis.problem(StateKeys.REDIS_SECRET, "none beside development");
        }
        if (user.isPresent() && !redis.has(StateKeys.REDIS_SECRET)) {
            redis.problem(StateKeys.REDIS_USER, "given with secretName only");
        }
        ClusterRedis read =
                new ClusterRedis(
                        made
                                ? new ClusterRedis.Place.Made(store)
                                : new ClusterRedis.Place.Named(
                                        redis.get(StateKeys.REDIS_URL), user, secret),
                        redis.get(StateKeys.IMAGE_OF_REDIS));
        return given(spec, StateKeys.REDIS, read);
    }

    private static Optional<ClusterObjectStore> objectStore(MappingCursor spec) {
        MappingCursor store = spec.child(StateKeys.OBJECT_STORE);
        Optional<URI> endpoint = store.find(StateKeys.ENDPOINT);
        return given(
                spec,
                StateKeys.OBJECT_STORE,
                new ClusterObjectStore(
                        store.get(StateKeys.BUCKET),
                        store.find(StateKeys.PREFIX).orElse(""),
                        endpoint,
                        store.get(StateKeys.REGION),
                        store.find(StateKeys.PATH_STYLE).orElse(endpoint.isPresent()),
                        store.get(StateKeys.OBJECTS_SECRET)));
    }

    private static Optional<VectorStore> vectorStore(MappingCursor spec) {
        MappingCursor store = spec.child(StateKeys.VECTOR_STORE);
        return given(
                spec,
                StateKeys.VECTOR_STORE,
                new VectorStore(
                        store.get(StateKeys.MILVUS),
                        store.find(StateKeys.MILVUS_DATABASE),
                        store.find(StateKeys.MILVUS_SECRET)));
    }

    /// One that is named or one that is made, and not both.
    private static boolean isOne(
            MappingCursor spec, Key.Section section, MappingCursor store, Key.Value<?> url) {
        boolean one = store.has(url) != store.has(StateKeys.DATABASE_MADE);
        if (!one && spec.has(section) && spec.isSound(section)) {
            store.problem(url, "one of url or development");
        }
        return one;
    }

    private static DevelopmentStore store(MappingCursor made, Key.Value<ByteSize> storage) {
        return new DevelopmentStore(
                volume(made, storage),
                made.get(StateKeys.RECLAIM),
                ResourceKeys.read(made.child(StateKeys.RESOURCES)),
                PodKeys.read(made));
    }

    private static StoreVolume volume(MappingCursor at, Key.Value<ByteSize> storage) {
        return new StoreVolume(at.get(storage), at.find(StateKeys.STORAGE_CLASS));
    }

    private static <T> Optional<T> given(MappingCursor parent, Key.Section section, T read) {
        return parent.has(section) && parent.isSound(section)
                ? Optional.of(read)
                : Optional.empty();
    }
}
