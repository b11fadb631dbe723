package dev.tidemill.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.manifests.yaml.YamlWriter;
import dev.tidemill.spec.Environment;
import dev.tidemill.spec.Resource;
import dev.tidemill.spec.SpecParser;
import dev.tidemill.spec.Training;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What `mtls` of an Environment makes of the objects.
final class MutualTlsTest {
    @Test
    void without_it_nothing_is_different() {
        assertThat(text(platform("")))
                .doesNotContain("identity", "9091", "Certificate", "https://control");
    }

    @Test
    void every_pod_has_its_roles_certificate_and_a_plain_port_for_probes() {
        Platform platform = platform("mtls: {}");
        for (String id : List.of("deployment/digits-server", "statefulset/control")) {
            String object = YamlWriter.documents(List.of(find(platform, id).fields()));
            String role = id.endsWith("server") ? "server" : "control";
            assertThat(object)
                    .contains("secretName: tidemill-mtls-" + role)
                    .contains("mountPath: /etc/tidemill/identity")
                    .contains("containerPort: 9091")
                    .contains("port: health")
                    .doesNotContain("port: http\n                path: /health");
        }
        assertThat(
                        YamlWriter.documents(
                                List.of(find(platform, "deployment/front-gateway").fields())))
                .contains("secretName: tidemill-mtls-gateway", "containerPort: 9091");
        assertThat(text(platform)).doesNotContain("kind: Certificate", "http://control");
    }

    @Test
    void a_training_s_job_believes_control_and_has_nothing_else_of_its_secret() {
        Training training =
                (Training)
                        SpecParser.parse(
                                        "f",
                                        """
                                        apiVersion: tidemill.dev/v1alpha1
                                        kind: Training
                                        metadata: {name: digits}
                                        spec:
                                          trainer: logistic
                                          dataset: {path: digits.csv.gz, label: label}
                                          registers: {model: digits}
                                          job: {volume: {claimName: sets}}
                                        """
                                                .getBytes(StandardCharsets.UTF_8))
                                .orThrow()
                                .getFirst();
        KubeObject job = TrainingObjects.of(platform("mtls: {}"), training).getLast();
        assertThat(Sample.at(job, "spec.template.spec.containers.0.args").toString())
                .contains("--control=https://control:8080")
                .contains("--ca-file=/etc/tidemill/authority/ca.crt");
        assertThat(Sample.at(job, "spec.template.spec.volumes").toString())
                .contains("secretName=tidemill-mtls-control")
                .contains("items=[{key=ca.crt, path=ca.crt}]")
                .doesNotContain("tls.key");
    }

    @Test
    void cert_manager_is_asked_for_one_certificate_of_each_role() {
        Platform platform =
                platform(
                        "mtls: {issuer: our-ca, trustDomain: prod, duration: 2h, renewBefore: 30m}");
        List<KubeObject> certificates =
                Manifests.of(platform).stream()
                        .filter(one -> one.kind().equals("Certificate"))
                        .toList();

        assertThat(certificates)
                .extracting(KubeObject::name)
                .containsExactly(
                        "tidemill-mtls-control", "tidemill-mtls-gateway", "tidemill-mtls-server");
        assertThat(YamlWriter.documents(List.of(certificates.getLast().fields())))
                .contains("spiffe://prod/server")
                .contains("duration: \"2h0m0s\"")
                .contains("renewBefore: \"0h30m0s\"")
                .contains("kind: Issuer")
                .contains("name: our-ca");
    }

    @Test
    void prometheus_reaches_the_plain_port_and_nobody_without_a_certificate_another() {
        Platform platform = platform("mtls: {}");
        String server =
                YamlWriter.documents(
                        List.of(find(platform, "networkpolicy/digits-server").fields()));
        // The rule that names Prometheus's namespace ends with the one port that it may reach.
        String from = server.substring(server.indexOf("monitoring"));
        assertThat(from.substring(0, from.indexOf("egress")))
                .contains("9091")
                .doesNotContain("8080");
    }

    private static KubeObject find(Platform platform, String id) {
        return Manifests.of(platform).stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError(id));
    }

    private static String text(Platform platform) {
        return YamlWriter.documents(
                Manifests.of(platform).stream().map(KubeObject::fields).toList());
    }

    private static Platform platform(String mtls) {
        String environment = Sample.ENVIRONMENT.stripTrailing() + "\n  " + mtls + "\n";
        List<Resource> resources =
                SpecParser.parse(
                                "file",
                                (Sample.MODELS + "---\n" + Sample.GATEWAY + "---\n" + environment)
                                        .getBytes(StandardCharsets.UTF_8))
                        .orThrow();
        Environment asked =
                resources.stream()
                        .filter(Environment.class::isInstance)
                        .map(Environment.class::cast)
                        .findFirst()
                        .orElseThrow();
        return Platform.of(resources, asked, Optional.of("{}\n"), "1.2.3");
    }
}
