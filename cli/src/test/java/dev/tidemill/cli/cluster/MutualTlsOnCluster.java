package dev.tidemill.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.cli.render.ClusterFile;
import dev.tidemill.cluster.Fields;
import dev.tidemill.cluster.ObjectRef;
import dev.tidemill.cluster.apply.ObjectSet;
import dev.tidemill.http.tls.Role;
import dev.tidemill.manifests.KubeObject;
import dev.tidemill.manifests.TrainingObjects;
import dev.tidemill.spec.SpecParser;
import dev.tidemill.spec.Training;
import dev.tidemill.testkit.TestAuthority;
import dev.tidemill.testkit.TestCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// TLS between our pods on a real cluster, with certificates from Secrets: one after the other in
/// one namespace.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class MutualTlsOnCluster {
    private static final String IMAGE = "tidemill:0.1.0";
    private static final String SECRET = "tidemill-mtls-";
    private static final int HEALTH = 9091;
    private static final String REPLACED = "tidemill_identity_certificate_replaced_total";
    private static final List<Role> ROLES = List.of(Role.GATEWAY, Role.SERVER, Role.CONTROL);

    /// A kubelet looks at the Secrets of a pod once a minute or so, and may have them from a minute
    /// ago.
    private static final Duration MOUNTED = Duration.ofMinutes(3);

    private static final Duration TRAINED = Duration.ofMinutes(2);
    private static final String SETS = "sets";
    private static final int USER = 10_001;

    private static final TestAuthority OLD = TestAuthority.create();
    private static final TestAuthority NEW = TestAuthority.create();

    @TempDir static Path folder;

    private static RealCluster real;

    @BeforeAll
    static void open() {
        real = RealCluster.open("mtls-" + Long.toString(System.nanoTime(), 36), folder);
        real.edit("    min: 2\n    max: 4\n", "    min: 1\n    max: 2\n");
        real.edit("  namespace: ", "  scaling: none\n  mtls: {}\n  namespace: ");
        real.create(real.ref("v1", "Namespace", real.namespace()), Map.of());
        secrets(OLD, OLD.pem());
    }

    @AfterAll
    static void close() {
        if (real != null) {
            real.close();
        }
    }

    @Test
    @Order(1)
    void everything_comes_up_and_a_request_goes_through() {
        RealCluster.Done applied = real.apply();

        assertThat(applied.code()).as(applied.text()).isZero();
        assertThat(applied.text()).contains("digits: trained digits version 1");
        assertThat(real.predictSeven().text()).startsWith("digits: 7 (");
    }

    @Test
    @Order(2)
    void pods_without_a_certificate_or_with_another_roles_are_refused() throws Exception {
        Map<String, String> said = new TlsCalls(real, IMAGE).all(OLD, NEW);

        for (String who : List.of("-", "server", "control", "stranger")) {
            assertThat(said.get(who + " to server")).as("%s", said).startsWith("refused");
        }
        assertThat(said.get("gateway to server")).as("%s", said).startsWith("200");
        for (String who : List.of("-", "server", "gateway", "stranger")) {
            assertThat(said.get(who + " to gateway")).as("%s", said).startsWith("refused");
        }
        assertThat(said.get("operator to gateway")).as("%s", said).startsWith("200");
        // With the token of a service, each of them.
        assertThat(said.get("- to control")).as("%s", said).startsWith("401");
        assertThat(said.get("stranger to control")).as("%s", said).startsWith("refused");
        assertThat(said.get("gateway to control")).as("%s", said).startsWith("200");
    }

    @Test
    @Order(3)
    void an_authority_is_exchanged_under_load_and_no_pod_begins_again() throws Exception {
        Map<String, String> before = pods();
        try (LoadPod load = LoadPod.startOne(real, "load", IMAGE)) {
            secrets(OLD, OLD.pem() + NEW.pem());
            taken(1, "both authorities");
            load.goesOnWithoutAFailure("pods came to believe both authorities");

            secrets(NEW, OLD.pem() + NEW.pem());
            taken(2, "certificates of the new one");
            load.goesOnWithoutAFailure("pods came to show certificates of the new one");

            secrets(NEW, NEW.pem());
            taken(3, "the new one alone");
            load.goesOnWithoutAFailure("pods came to believe the new one alone");
        }
        assertThat(pods()).isEqualTo(before);
    }

    @Test
    @Order(4)
    void then_listeners_show_the_new_one_and_the_old_one_opens_nothing() throws Exception {
        Map<String, String> said = new TlsCalls(real, IMAGE).all(NEW, OLD);

        String signer = NEW.certificate().getSubjectX500Principal().getName();
        for (String call :
                List.of("gateway to server", "operator to gateway", "gateway to control")) {
            assertThat(said.get(call)).as("%s", said).isEqualTo("200 signed by " + signer);
        }
        for (String listener : List.of("server", "gateway", "control")) {
            assertThat(said.get("stranger to " + listener)).as("%s", said).startsWith("refused");
        }
    }

    @Test
    @Order(5)
    void servers_still_follow_the_registry() {
        real.edit("parameters: {cost: 10, gamma: 0.001}", "parameters: {cost: 9, gamma: 0.001}");

        assertThat(real.apply().text()).contains("digits: trained digits version 2");

        Waits.until("version 2 answers", () -> real.predictSeven().text().contains("version 2"));
    }

    @Test
    @Order(6)
    void a_training_in_a_job_shows_its_token_and_believes_control() throws Exception {
        byte[] set = Files.readAllBytes(folder.resolve("data").resolve("digits.csv.gz"));
        real.create(
                real.ref("v1", "ConfigMap", SETS),
                Map.of(
                        "binaryData",
                        Map.of("digits.csv.gz", Base64.getEncoder().encodeToString(set))));
        real.create(
                real.ref("v1", "PersistentVolumeClaim", SETS),
                Map.of(
                        "spec",
                        Map.of(
                                "accessModes",
                                List.of("ReadWriteOnce"),
                                "resources",
                                Map.of("requests", Map.of("storage", "1Gi")))));
        new ShellPod(real, IMAGE, USER, SETS, Optional.of(SETS))
                .run(
                        "fill",
                        "mkdir -p /volume/digits; cat /files/digits.csv.gz >/volume/digits/digits.csv.gz");

        ObjectSet objects =
                new ObjectSet(
                        real.namespace(),
                        TrainingObjects.of(
                                        new ClusterFile(real.file(), "0.1.0")
                                                .platform(Optional.empty()),
                                        (Training)
                                                SpecParser.parse(
                                                                "training.yaml",
                                                                Files.readAllBytes(
                                                                        Path.of(
                                                                                "src",
                                                                                "test",
                                                                                "resources",
                                                                                "cluster",
                                                                                "training-job.yaml")))
                                                        .orThrow()
                                                        .getFirst())
                                .stream()
                                .map(KubeObject::fields)
                                .toList());
        objects.trees().forEach(tree -> real.client().apply(objects.ref(tree), tree, false));

        Waits.until(
                "the training has registered its model",
                TRAINED,
                () ->
                        new ClusterControl(real.client())
                                .with(control -> control.models()).stream()
                                        .anyMatch(model -> model.name().equals("by-job")));
    }

    /// Makes the Secrets of all roles, or replaces what is in them.
    private static void secrets(TestAuthority signing, String authorities) {
        for (Role role : ROLES) {
            TestCertificate own = signing.issue(role.uri("tidemill"));
            ObjectRef ref = real.ref("v1", "Secret", SECRET + role.text());
            Map<String, String> data =
                    Map.of(
                            "tls.crt",
                            TlsCalls.certificate(own),
                            "tls.key",
                            TlsCalls.key(own),
                            "ca.crt",
                            authorities);
            real.client()
                    .applyAs(
                            "test",
                            ref,
                            Map.of(
                                    "apiVersion",
                                    "v1",
                                    "kind",
                                    "Secret",
                                    "metadata",
                                    Map.of("name", ref.name(), "namespace", real.namespace()),
                                    "type",
                                    "kubernetes.io/tls",
                                    "stringData",
                                    data));
        }
    }

    /// Until every process has taken what was written so many times.
    private static void taken(int times, String what) {
        Duration took =
                Waits.until(
                        "every pod has " + what,
                        MOUNTED,
                        () -> {
                            for (Fields pod : all()) {
                                if (new AnonymousCall(real.client())
                                                .metric(pod.name(), HEALTH, REPLACED)
                                        < times) {
                                    return false;
                                }
                            }
                            return true;
                        });
        Waits.say("figure: %s in every process after %d s", what, took.toSeconds());
    }

    private static List<Fields> all() {
        return Stream.of("server", "gateway", "control")
                .flatMap(component -> real.pods(component).stream())
                .toList();
    }

    /// Which they are, and how often they began.
    private static Map<String, String> pods() {
        Map<String, String> all = new TreeMap<>();
        for (Fields pod : all()) {
            all.put(
                    pod.name(),
                    pod.text("metadata", "uid")
                            + pod.children("status", "containerStatuses").stream()
                                    .map(one -> " began again: " + one.number("restartCount"))
                                    .toList());
        }
        return all;
    }
}
