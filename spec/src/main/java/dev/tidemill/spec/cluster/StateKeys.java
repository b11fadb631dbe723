package dev.tidemill.spec.cluster;

import dev.tidemill.common.ByteSize;
import dev.tidemill.scaling.guard.Cron;
import dev.tidemill.spec.yaml.Form;
import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Presence;
import dev.tidemill.spec.yaml.Shape;
import dev.tidemill.spec.yaml.ValueType;
import dev.tidemill.spec.yaml.ValueTypes;
import java.net.URI;
import java.util.List;
import java.util.Map;

/// The keys of an `Environment` that say where its state is kept.
final class StateKeys {
    private static final String ZONE = "[A-Za-z][A-Za-z0-9+_-]*(/[A-Za-z0-9+_-]+)*";

    static final Key.Value<String> STORAGE_CLASS =
            new Key.Value<>(
                    "storageClassName",
                    ClusterTypes.subdomain("ssd"),
                    Presence.optional("that of the environment"),
                    "Of the volume.");
    static final Key.Value<Boolean> RECLAIM =
            new Key.Value<>(
                    "reclaim",
                    ValueTypes.choice(
                            List.of(Map.entry("retain", true), Map.entry("delete", false))),
                    Presence.otherwise("retain"),
                    "What becomes of the volume when its StatefulSet is deleted.");
    static final Key.Value<String> IMAGE_OF_POSTGRES =
            image("postgres:18.6", "Of PostgreSQL: for `development`, and for `backup`.");
    static final Key.Value<String> IMAGE_OF_REDIS =
            image("redis:8.2.2", "Of Redis, for `development`.");
    static final Key.Section RESOURCES = ResourceKeys.section("What it may use.");

    static final Key.Value<ByteSize> DATABASE_STORAGE = storage("10Gi");
    static final Key.Section DATABASE_MADE = made(DATABASE_STORAGE, "PostgreSQL");
    static final Key.Value<ByteSize> REDIS_STORAGE = storage("1Gi");
    static final Key.Section REDIS_MADE = made(REDIS_STORAGE, "Redis");

    static final Key.Value<URI> DATABASE_URL =
            new Key.Value<>(
                    "url",
                    StateTypes.postgres(),
                    Presence.optional("one of `url` or `development`"),
                    "A PostgreSQL (14 or newer) with a database for the registry.");
    static final Key.Value<String> DATABASE_SECRET =
            new Key.Value<>(
                    "secretName",
                    ClusterTypes.subdomain("registry-database"),
                    Presence.optional("required with `url`"),
                    "Secret with `username` and `password`, and with `ca.crt` where `sslmode` is"
                            + " `verify-full` and no public authority signed.");

    static final Key.Value<String> SCHEDULE =
            new Key.Value<>(
                    "schedule", cron(), Presence.otherwise("0 3 * * *"), "When one is made.");
    static final Key.Value<String> TIME_ZONE =
            new Key.Value<>(
                    "timeZone",
                    ValueTypes.matching(
                                    "a time zone such as Europe/Berlin",
                                    "Etc/UTC",
                                    text -> text.matches(ZONE) && !text.equals("Local"))
                            .as(new Form.Text(100, ZONE)),
                    Presence.otherwise("Etc/UTC"),
                    "Of the schedule.");
    static final Key.Value<Integer> KEEP =
            new Key.Value<>(
                    "keep",
                    ValueTypes.whole(1, 1000),
                    Presence.otherwise("7"),
                    "How many are kept.");
    static final Key.Value<ByteSize> BACKUP_STORAGE = storage("10Gi");
    static final Key.Section BACKUP =
            new Key.Section(
                    "backup",
                    Shape.of(SCHEDULE, TIME_ZONE, KEEP, BACKUP_STORAGE, STORAGE_CLASS),
                    Presence.optional("none is made"),
                    "A CronJob that writes the whole database to a volume of its own, which outlives"
                            + " everything else (`pg_dump`).");

    static final Key.Section DATABASE =
            new Key.Section(
                    "database",
                    Shape.of(
                            DATABASE_URL,
                            DATABASE_SECRET,
                            DATABASE_MADE,
                            IMAGE_OF_POSTGRES,
                            BACKUP),
                    Presence.optional("control has one of its own on its volume"),
                    "The PostgreSQL of the registry.");

    static final Key.Value<URI> REDIS_URL =
            new Key.Value<>(
                    "url",
                    StateTypes.redis(),
                    Presence.optional("one of `url` or `development`"),
                    "A Redis (6.2 or newer), or another server of its protocol with Lua.");
    static final Key.Value<String> REDIS_USER =
            new Key.Value<>(
                    "user",
                    ValueTypes.text("a name", 200),
                    Presence.optional("Redis's default user"),
                    "Of the Redis; with `secretName`.");
    static final Key.Value<String> REDIS_SECRET =
            new Key.Value<>(
                    "secretName",
                    ClusterTypes.subdomain("shared-redis"),
                    Presence.optional("no password"),
                    "Secret with `password`; with `url`.");
    static final Key.Section REDIS =
            new Key.Section(
                    "redis",
                    Shape.of(REDIS_URL, REDIS_USER, REDIS_SECRET, REDIS_MADE, IMAGE_OF_REDIS),
                    Presence.optional("each gateway has the whole limit for itself"),
                    "Where gateways that have `limits.rates`, and no `limits.shared` of their own,"
                            + " share them.");

    static final Key.Value<String> BUCKET =
            new Key.Value<>(
                    "bucket",
                    matching(
                            "a bucket's name such as models",
                            "models",
                            "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"),
                    Presence.required(),
                    "That is there already.");
    static final Key.Value<String> PREFIX =
            new Key.Value<>(
                    "prefix",
                    matching(
                            "the beginning of keys such as team/models/",
                            "tidemill/",
                            "[A-Za-z0-9_-][A-Za-z0-9._/-]{0,199}"),
                    Presence.optional("none"),
                    "Of all keys.");
    static final Key.Value<URI> ENDPOINT =
            new Key.Value<>(
                    "endpoint",
                    StateTypes.endpoint(),
                    Presence.optional("AWS's of the region"),
                    "Another server of S3's protocol, such as MinIO, Ceph or SeaweedFS.");
    static final Key.Value<String> REGION =
            new Key.Value<>(
                    "region",
                    matching("a region such as eu-central-1", "us-east-1", "[a-z0-9-]{1,50}"),
                    Presence.otherwise("us-east-1"),
                    "Of the bucket.");
    static final Key.Value<Boolean> PATH_STYLE =
            new Key.Value<>(
                    "pathStyle",
                    ValueTypes.choice(List.of(Map.entry("true", true), Map.entry("false", false))),
                    Presence.optional("true with `endpoint`"),
                    "Whether the bucket is in the path and not in the host's name.");
    static final Key.Value<String> OBJECTS_SECRET =
            new Key.Value<>(
                    "secretName",
                    ClusterTypes.subdomain("object-store"),
                    Presence.required(),
                    "Secret with `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and perhaps"
                            + " `AWS_SESSION_TOKEN`.");
    static final Key.Section OBJECT_STORE =
            new Key.Section(
                    "objectStore",
                    Shape.of(BUCKET, PREFIX, ENDPOINT, REGION, PATH_STYLE, OBJECTS_SECRET),
                    Presence.optional("on control's volume"),
                    "Where artifacts of models are kept: S3, by their digests.");

    static final Key.Value<URI> MILVUS =
            new Key.Value<>(
                    "milvus",
                    StateTypes.endpoint(),
                    Presence.required(),
                    "A Milvus (2.4 or newer), such as http://milvus.data.svc:19530.");
    static final Key.Value<String> MILVUS_DATABASE =
            new Key.Value<>(
                    "database",
                    matching("a database's name", "default", "[A-Za-z_][A-Za-z0-9_]{0,254}"),
                    Presence.optional("Milvus's default"),
                    "Of the Milvus.");
    static final Key.Value<String> MILVUS_SECRET =
            new Key.Value<>(
                    "secretName",
                    ClusterTypes.subdomain("milvus"),
                    Presence.optional("no token"),
                    "Secret with `token`: USER:PASSWORD, or a key.");
    static final Key.Section VECTOR_STORE =
            new Key.Section(
                    "vectorStore",
                    Shape.of(MILVUS, MILVUS_DATABASE, MILVUS_SECRET),
                    Presence.optional("apps are told of none"),
                    "Where apps keep vectors: they have it in MILVUS_URI, MILVUS_DB and MILVUS_TOKEN,"
                            + " and as Spring AI's SPRING_AI_VECTORSTORE_MILVUS_... unless they say"
                            + " otherwise themselves.");

    private StateKeys() {}

    private static ValueType<String> matching(String expected, String any, String pattern) {
        return ValueTypes.matching(expected, any, text -> text.matches(pattern))
                .as(new Form.Text(200, pattern));
    }

    private static Key.Section made(Key.Value<ByteSize> storage, String what) {
        return new Key.Section(
                "development",
                Shape.of(storage, STORAGE_CLASS, RECLAIM, RESOURCES, PodKeys.POD),
                Presence.optional("one of `url` or `development`"),
                "Makes a %s of one pod, which has no other to take over.".formatted(what));
    }

    private static Key.Value<ByteSize> storage(String otherwise) {
        return new Key.Value<>(
                "storage",
                ValueTypes.size("1Gi", "64Ti"),
                Presence.otherwise(otherwise),
                "Of the volume.");
    }

    private static Key.Value<String> image(String otherwise, String meaning) {
        return new Key.Value<>(
                "image", ClusterTypes.image(), Presence.otherwise(otherwise), meaning);
    }

    /// Kept as it is written: Kubernetes reads the same five fields.
    private static ValueType<String> cron() {
        return ValueTypes.matching(Cron.EXPECTED, "0 3 * * *", StateKeys::isCron)
                .as(new Form.Text(200, "\\S+(\\s+\\S+){4}"));
    }

    private static boolean isCron(String text) {
        try {
            return text.equals(text.strip()) && Cron.parse(text).toString().length() <= 200;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
