package dev.tidemill.manifests;

import static dev.tidemill.manifests.Sample.at;
import static dev.tidemill.manifests.Sample.find;
import static dev.tidemill.manifests.Sample.has;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ModelImagesTest {
    private static final String DIGITS = "example.com/models/digits:3@sha256:" + "0a".repeat(32);
    private static final String POD = "spec.template.spec";

    @Test
    void an_image_is_a_volume_whose_models_folder_is_the_models_own() {
        KubeObject server = server("volume", "");

        assertThat(at(server, POD + ".volumes.2"))
                .isEqualTo(
                        Map.of(
                                "name",
                                "model-digits",
                                "image",
                                Map.of("reference", DIGITS, "pullPolicy", "IfNotPresent")));
        assertThat(at(server, POD + ".containers.0.volumeMounts.2"))
                .isEqualTo(
                        Map.of(
                                "name",
                                "model-digits",
                                "mountPath",
                                "/images/digits",
                                "readOnly",
                                true,
                                "subPath",
                                "models"));
        assertThat(has(server, POD, "initContainers")).isFalse();
    }

    @Test
    void such_a_server_needs_nothing_of_control() {
        assertThat(arguments(server("volume", "")))
                .contains("--model-folder=digits=/images/digits")
                .doesNotContain("--registry");
        assertThat(text(server("volume", ""))).doesNotContain("control-tokens");
    }

    @Test
    void others_of_its_pool_come_from_the_registry_as_ever() {
        String arguments =
                arguments(
                        server(
                                "volume",
                                """
                                ---
                                apiVersion: tidemill.dev/v1alpha1
                                kind: Model
                                metadata: {name: intents}
                                spec: {source: "intents:2", sharesReplicasWith: digits}
                                """));

        assertThat(arguments)
                .contains(
                        "--model-folder=digits=/images/digits", "--registry=", "--model=intents:2")
                .doesNotContain("--model=digits");
    }

    @Test
    void where_nodes_cannot_mount_images_each_copies_itself_first() {
        KubeObject server = server("copy", "");

        assertThat(at(server, POD + ".initContainers.0.image")).isEqualTo(DIGITS);
        assertThat(at(server, POD + ".initContainers.0.command"))
                .isEqualTo(
                        List.of(
                                "sh",
                                "-c",
                                "mkdir -p /images/digits && cp -R /models/. /images/digits"));
        assertThat(at(server, POD + ".containers.0.volumeMounts.2"))
                .isEqualTo(
                        Map.of(
                                "name",
                                "images",
                                "mountPath",
                                "/images/digits",
                                "readOnly",
                                true,
                                "subPath",
                                "digits"));
        assertThat(text(server)).doesNotContain("reference=");
    }

    @Test
    void kserve_starts_our_server_with_the_model_where_it_puts_it() {
        KubeObject shared =
                ServingRuntimeObjects.of(
                                Platform.of(List.of(), Platform.ANY, Optional.empty(), "1.2.3"))
                        .getFirst();
        KubeObject own = ServingRuntimeObjects.of(Sample.platform(Sample.ENVIRONMENT)).getFirst();

        assertThat(shared.kind()).isEqualTo("ClusterServingRuntime");
        assertThat(shared.namespace()).isEmpty();
        assertThat(own.kind()).isEqualTo("ServingRuntime");
        assertThat(own.namespace()).contains("ai-platform");
        assertThat(OtherKinds.unknownKeys(own)).isEmpty();
        assertThat(at(own, "spec.containers.0.name")).isEqualTo("kserve-container");
        assertThat(String.valueOf(at(own, "spec.containers.0.args")))
                .contains("--model-folder={{.Name}}=/mnt/models", "--v1-flavour=kserve");
        assertThat(at(own, "spec.protocolVersions")).isEqualTo(List.of("v1", "v2", "grpc-v2"));
    }

    private static KubeObject server(String models, String more) {
        return find(
                Manifests.of(
                        Sample.platform(
                                """
                                apiVersion: tidemill.dev/v1alpha1
                                kind: Model
                                metadata: {name: digits}
                                spec: {source: "oci://%s"}
                                %s---
                                apiVersion: tidemill.dev/v1alpha1
                                kind: Environment
                                metadata: {name: prod}
                                spec: {image: {models: %s}}
                                """
                                        .formatted(DIGITS, more, models))),
                "deployment/digits-server");
    }

    private static String arguments(KubeObject server) {
        return String.valueOf(at(server, POD + ".containers.0.args"));
    }

    private static String text(KubeObject server) {
        return String.valueOf(server.fields());
    }
}
