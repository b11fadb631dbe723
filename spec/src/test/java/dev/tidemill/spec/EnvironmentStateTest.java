package dev.tidemill.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.common.ByteSize;
import dev.tidemill.spec.cluster.ClusterDatabase;
import dev.tidemill.spec.cluster.ClusterObjectStore;
import dev.tidemill.spec.cluster.ClusterRedis;
import dev.tidemill.spec.cluster.ClusterState;
import dev.tidemill.spec.cluster.ExternalSecretRef;
import dev.tidemill.spec.cluster.SecretStore;
import dev.tidemill.spec.cluster.StoreVolume;
import dev.tidemill.spec.cluster.VectorStore;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EnvironmentStateTest {
    private static final String ENVIRONMENT =
            """
            apiVersion: tidemill.dev/v1alpha1
            kind: Environment
            metadata: {name: prod}
            spec:
            """;

    @Test
    void names_stores_that_are_there() {
        Environment environment =
                read(
                        """
                          database:
                            url: postgresql://db.data.svc:5433/registry?sslmode=verify-full
                            secretName: registry-database
                            backup: {schedule: 30 2 * * SUN, timeZone: Europe/Berlin, keep: 4, storage: 50Gi, storageClassName: slow}
                          redis: {url: "rediss://limits.example.com:6380/1", user: gateways, secretName: shared-redis}
                        """);

        assertThat(environment.state().database())
                .contains(
                        new ClusterDatabase(
                                new ClusterDatabase.Place.Named(
                                        URI.create(
                                                "postgresql://db.data.svc:5433/registry?sslmode=verify-full"),
                                        "registry-database"),
                                "postgres:18.6",
                                Optional.of(
                                        new ClusterDatabase.Backup(
                                                "30 2 * * SUN",
                                                "Europe/Berlin",
                                                4,
                                                new StoreVolume(
                                                        ByteSize.parse("50Gi"),
                                                        Optional.of("slow"))))));
        assertThat(environment.state().redis())
                .contains(
                        new ClusterRedis(
                                new ClusterRedis.Place.Named(
                                        URI.create("rediss://limits.example.com:6380/1"),
                                        Optional.of("gateways"),
                                        Optional.of("shared-redis")),
                                "redis:8.2.2"));
    }

    @Test
    void asks_for_stores_to_develop_with() {
        Environment environment =
                read(
                        """
                          database: {development: {storage: 2Gi, reclaim: delete}, image: "mirror.example.com/postgres:17.4"}
                          redis: {development: {}}
                        """);

        ClusterDatabase database = environment.state().database().orElseThrow();
        assertThat(database.image()).isEqualTo("mirror.example.com/postgres:17.4");
        assertThat(database.backup()).isEmpty();
        assertThat(database.place())
                .isInstanceOfSatisfying(
                        ClusterDatabase.Place.Made.class,
                        made -> {
                            assertThat(made.store().keeps()).isFalse();
                            assertThat(made.store().volume())
                                    .isEqualTo(
                                            new StoreVolume(
                                                    ByteSize.parse("2Gi"), Optional.empty()));
                        });
        assertThat(environment.state().redis().orElseThrow().place())
                .isInstanceOfSatisfying(
                        ClusterRedis.Place.Made.class,
                        made -> {
                            assertThat(made.store().keeps()).isTrue();
                            assertThat(made.store().volume().size())
                                    .isEqualTo(ByteSize.parse("1Gi"));
                        });
    }

    @Test
    void names_a_bucket() {
        assertThat(read("  objectStore: {bucket: models, secretName: s3}\n").state().objectStore())
                .contains(
                        new ClusterObjectStore(
                                "models", "", Optional.empty(), "us-east-1", false, "s3"));
        assertThat(
                        read("  objectStore: {bucket: models, prefix: team/, endpoint: \"http://minio:9000\","
                                        + " region: home, secretName: s3}\n")
                                .state()
                                .objectStore())
                .contains(
                        new ClusterObjectStore(
                                "models",
                                "team/",
                                Optional.of(URI.create("http://minio:9000")),
                                "home",
                                true,
                                "s3"));
    }

    @Test
    void names_where_secrets_are_and_a_milvus() {
        ClusterState state =
                read("""
                  secretStore: {name: vault, refresh: 5m}
                  externalSecrets:
                  - {name: s3, data: {AWS_ACCESS_KEY_ID: "kv/s3#id", whole: kv/s3}}
                  - {name: tls, type: kubernetes.io/tls, data: {tls.crt: a, tls.key: b}}
                  vectorStore: {milvus: "http://milvus:19530", secretName: milvus}
                """)
                        .state();

        assertThat(state.secretStore())
                .contains(new SecretStore.External("vault", "SecretStore", Duration.ofMinutes(5)));
        assertThat(state.externalSecrets().getFirst().data())
                .isEqualTo(
                        Map.of(
                                "AWS_ACCESS_KEY_ID",
                                new ExternalSecretRef.Place("kv/s3", "id"),
                                "whole",
                                new ExternalSecretRef.Place("kv/s3", "")));
        assertThat(state.externalSecrets().getLast().type()).isEqualTo("kubernetes.io/tls");
        assertThat(state.vectorStore())
                .contains(
                        new VectorStore(
                                URI.create("http://milvus:19530"),
                                Optional.empty(),
                                Optional.of("milvus")));
        assertThat(
                        read("  secretStore: {csi: aws, parameters: {region: eu}}\n")
                                .state()
                                .secretStore())
                .contains(new SecretStore.Csi(SecretStore.Provider.AWS, Map.of("region", "eu")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    database: {}                             | spec.database.url: 'missing' (expected: one of url or development)
                    database: {url: "postgresql://h/d"}      | spec.database.secretName: 'missing' (expected: a Secret with username and password)
                    database: {url: "postgresql://h/d", development: {}} | spec.database.url: 'postgresql://h/d' (expected: one of url or development)
                    database: {development: {}, secretName: s} | spec.database.secretName: 's' (expected: none beside development)
                    database: {url: "postgresql://u:p@h/d", secretName: s} | spec.database.url: 'postgresql://u:p@h/d' (expected: postgresql://HOST:PORT/DATABASE
                    database: {url: "postgresql://h/d?socketFactory=x", secretName: s} | spec.database.url: 'postgresql://h/d?socketFactory=x'
                    database: {url: "mysql://h/d", secretName: s} | spec.database.url: 'mysql://h/d'
                    database: {development: {}, backup: {schedule: daily}} | spec.database.backup.schedule: 'daily' (expected: five cron fields
                    database: {development: {}, backup: {timeZone: Local}} | spec.database.backup.timeZone: 'Local'
                    database: {development: {}, backup: {keep: 0}} | spec.database.backup.keep: '0'
                    database: {development: {reclaim: recycle}} | spec.database.development.reclaim: 'recycle' (expected: retain or delete
                    redis: {development: {}, url: "redis://h"} | spec.redis.url: 'redis://h' (expected: one of url or development)
                    redis: {url: "redis://h", user: u}       | spec.redis.user: 'u' (expected: given with secretName only)
                    redis: {development: {}, secretName: s}  | spec.redis.secretName: 's' (expected: none beside development)
                    objectStore: {bucket: Models, secretName: s} | spec.objectStore.bucket: 'Models'
                    objectStore: {bucket: models}            | spec.objectStore.secretName: 'missing'
                    objectStore: {bucket: models, endpoint: "http://u:p@h", secretName: s} | spec.objectStore.endpoint: 'http://u:p@h'
                    secretStore: {}                          | spec.secretStore.name: 'missing' (expected: one of name or csi)
                    secretStore: {name: v, csi: aws}         | spec.secretStore.name: 'v' (expected: one of name or csi)
                    secretStore: {name: v, parameters: {a: b}} | spec.secretStore.parameters: '{...}' (expected: given with csi only)
                    externalSecrets: [{name: s, data: {a: b}}] | spec.externalSecrets: '[...]' (expected: secretStore too
                    vectorStore: {milvus: "milvus:19530"}    | spec.vectorStore.milvus: 'milvus:19530'
                    redis: {url: "redis://:word@h"}          | spec.redis.url: 'redis://:word@h'
                    """)
    void refuses_what_says_too_little_or_too_much(String line, String problem) {
        assertThat(Yaml.problems(ENVIRONMENT + "  " + line + "\n"))
                .singleElement()
                .asString()
                .contains("Environment/prod " + problem);
    }

    private static Environment read(String spec) {
        return Yaml.only(ENVIRONMENT + spec, Environment.class);
    }
}
