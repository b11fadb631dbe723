package dev.tidemill.manifests;

import static dev.tidemill.manifests.Sample.at;
import static dev.tidemill.manifests.Sample.find;
import static dev.tidemill.manifests.Sample.has;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ExternalSecretsTest {
    private static final String VAULT = "{name: vault, kind: ClusterSecretStore, refresh: 15m}";
    private static final String CSI =
            "{csi: vault, parameters: {vaultAddress: \"https://vault:8200\", roleName: ai}}";

    @Test
    void the_external_secrets_operator_is_told_where_each_entry_is() {
        KubeObject secret = find(objects(VAULT, "kv/ai#redis"), "externalsecret/shared-redis");

        assertThat(OtherKinds.unknownKeys(secret)).isEmpty();
        assertThat(at(secret, "spec"))
                .isEqualTo(
                        Map.of(
                                "refreshInterval",
                                "900s",
                                "secretStoreRef",
                                Map.of("name", "vault", "kind", "ClusterSecretStore"),
                                "target",
                                Map.of(
                                        "name",
                                        "shared-redis",
                                        "creationPolicy",
                                        "Owner",
                                        "deletionPolicy",
                                        "Retain"),
                                "data",
                                List.of(
                                        Map.of(
                                                "secretKey",
                                                "password",
                                                "remoteRef",
                                                Map.of("key", "kv/ai", "property", "redis")))));
    }

    @Test
    void pods_have_the_secret_by_its_name_as_ever() {
        String with = gateway(objects(VAULT, "kv/ai#redis")).toString();

        assertThat(with).isEqualTo(gateway(objects("", "")).toString()).contains("shared-redis");
    }

    @Test
    void the_csi_driver_makes_it_for_the_pods_that_mount_it_and_those_are_all_that_need_it() {
        List<KubeObject> objects = objects(CSI, "kv/ai#redis");
        KubeObject secret = find(objects, "secretproviderclass/shared-redis");

        assertThat(OtherKinds.unknownKeys(secret)).isEmpty();
        assertThat(at(secret, "spec.provider")).isEqualTo("vault");
        assertThat(at(secret, "spec.parameters"))
                .isEqualTo(
                        Map.of(
                                "vaultAddress",
                                "https://vault:8200",
                                "roleName",
                                "ai",
                                "objects",
                                """
                                - objectName: "password"
                                  secretPath: "kv/ai"
                                  secretKey: "redis"
                                """));
        assertThat(at(secret, "spec.secretObjects.0.data.0"))
                .isEqualTo(Map.of("objectName", "password", "key", "password"));
        assertThat(gateway(objects).toString())
                .contains("secretProviderClass=shared-redis", "/mnt/secrets-store/shared-redis");
        assertThat(find(objects, "deployment/digits-server").toString())
                .doesNotContain("secretProviderClass");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "aws | prod/ai#redis | jmesPath",
                "aws | prod/ai | objectAlias: \"password\"",
                "gcp | projects/p/secrets/s/versions/latest | resourceName: \"projects/p",
                "azure | redis-password | objectType: secret"
            })
    void each_provider_of_the_driver_has_its_own_words(String csi, String place, String words) {
        KubeObject secret =
                find(
                        objects("{csi: %s}".formatted(csi), place),
                        "secretproviderclass/shared-redis");

        assertThat(String.valueOf(at(secret, "spec.parameters"))).contains(words);
    }

    @Test
    void what_comes_from_elsewhere_nobody_makes_up() {
        MadeSecret tokens = MadeSecret.of("control").orElseThrow();

        assertThat(tokens.isFilledBy("ExternalSecret", "control-tokens")).isTrue();
        assertThat(tokens.isFilledBy("SecretProviderClass", "control-tokens")).isTrue();
        assertThat(tokens.isFilledBy("ExternalSecret", "another")).isFalse();
        assertThat(tokens.isFilledBy("ConfigMap", "control-tokens")).isFalse();
    }

    @Test
    void apps_are_told_of_the_milvus_and_may_reach_it() {
        List<KubeObject> objects =
                Manifests.of(
                        Sample.platform(
                                Sample.APP.replace(
                                        "env: {LOG_LEVEL: info", "env: {MILVUS_DB: mine"),
                                """
                                apiVersion: tidemill.dev/v1alpha1
                                kind: Environment
                                metadata: {name: prod}
                                spec:
                                  vectorStore:
                                    milvus: http://milvus.data.svc:19530
                                    database: ai
                                    secretName: milvus
                                """));
        Object env =
                at(find(objects, "deployment/portal-app"), "spec.template.spec.containers.0.env");

        assertThat(String.valueOf(env))
                .contains(
                        "{name=MILVUS_URI, value=http://milvus.data.svc:19530}",
                        "{name=SPRING_AI_VECTORSTORE_MILVUS_CLIENT_URI, value=http://milvus",
                        "{name=SPRING_AI_VECTORSTORE_MILVUS_DATABASENAME, value=ai}",
                        "{name=MILVUS_TOKEN, valueFrom={secretKeyRef={name=milvus, key=token}}}",
                        "{name=MILVUS_DB, value=mine}")
                .doesNotContain("{name=MILVUS_DB, value=ai}");
        assertThat(find(objects, "networkpolicy/portal-app").toString()).contains("name=data");
        assertThat(has(find(objects, "deployment/portal-app"), "spec", "template")).isTrue();
    }

    private static KubeObject gateway(List<KubeObject> objects) {
        return find(objects, "deployment/front-gateway");
    }

    private static List<KubeObject> objects(String store, String place) {
        String secrets =
                store.isEmpty()
                        ? ""
                        : "  secretStore: %s\n  externalSecrets: [{name: shared-redis, data: {password: \"%s\"}}]\n"
                                .formatted(store, place);
        return Manifests.of(
                Sample.platform(
                        """
                        apiVersion: tidemill.dev/v1alpha1
                        kind: Model
                        metadata: {name: digits}
                        spec: {source: digits}
                        ---
                        apiVersion: tidemill.dev/v1alpha1
                        kind: Gateway
                        metadata: {name: front}
                        spec:
                          routes: [{path: /predict, model: digits}]
                          limits:
                            rates: [{name: all, requestsPerMinute: 60}]
                            shared: {redis: "redis://limits.data.svc", password: {env: TIDEMILL_REDIS_PASSWORD}}
                        ---
                        apiVersion: tidemill.dev/v1alpha1
                        kind: Environment
                        metadata: {name: prod}
                        spec:
                          redis: {url: "redis://limits.data.svc", secretName: shared-redis}
                        %s\
                        """
                                .formatted(secrets)));
    }
}
