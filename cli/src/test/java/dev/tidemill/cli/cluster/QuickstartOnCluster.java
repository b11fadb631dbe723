package dev.tidemill.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.cluster.Fields;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The quickstart on a real cluster, as a newcomer goes through it. One after the other in one
/// namespace: each step stands on the one before, as on any day.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class QuickstartOnCluster {
    private static final Duration TARGET = Duration.ofSeconds(60);
    private static final String IMAGE = "tidemill:0.1.0";

    @TempDir static Path folder;

    private static RealCluster real;

    @BeforeAll
    static void open() {
        real = RealCluster.open("quickstart-" + Long.toString(System.nanoTime(), 36), folder);
    }

    @AfterAll
    static void close() {
        if (real != null) {
            real.close();
        }
    }

    @Test
    @Order(1)
    void from_nothing_to_a_right_prediction() {
        long begin = System.nanoTime();

        RealCluster.Done applied = real.apply();
        RealCluster.Done predicted = real.predictSeven();

        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        Waits.say("figure: nothing to right prediction in %.1f s", seconds(took));
        assertThat(applied.code()).as(applied.text()).isZero();
        assertThat(applied.text())
                .contains("namespace/" + real.namespace() + " created")
                .contains("digits: trained digits version 1")
                .contains("intents: trained intents version 1")
                .contains("release 1 runs");
        assertThat(predicted.text()).startsWith("digits: 7 (");
        assertThat(took).isLessThan(TARGET);
    }

    @Test
    @Order(2)
    void the_namespace_enforces_pod_security_restricted_and_status_shows_every_process() {
        Fields namespace =
                real.client().get(real.ref("v1", "Namespace", real.namespace())).orElseThrow();
        assertThat(namespace.label("pod-security.kubernetes.io/enforce")).isEqualTo("restricted");
        // The autoscaler brings the second one.
        real.awaitReady("server", 2);

        RealCluster.Done status = real.run("status", "--namespace", real.namespace());

        assertThat(status.code()).isZero();
        assertThat(status.text()).contains("control-0", "digits-server-", "gateway-", "release 1");
        assertThat(real.run("logs", "control", "--namespace", real.namespace()).text())
                .contains("PostgreSQL");
    }

    @Test
    @Order(3)
    void what_is_applied_again_writes_nothing_and_differs_in_nothing() {
        Map<String, String> before = real.versions();

        RealCluster.Done again = real.apply();

        assertThat(again.code()).isZero();
        assertThat(again.text()).doesNotContain("created").doesNotContain("configured");
        assertThat(again.text()).contains("digits: nothing to train", "release 1 runs");
        assertThat(real.versions()).isEqualTo(before);
        assertThat(real.run("diff", "-f", real.file().toString()).code()).isZero();
    }

    @Test
    @Order(4)
    void control_asks_everybody_for_a_token() throws Exception {
        int status = new AnonymousCall(real.client()).status("control-0", 8080, "/api/v1/models");

        assertThat(status).isEqualTo(401);
    }

    @Test
    @Order(5)
    void a_new_version_and_then_a_new_image_come_under_load_without_a_failure() throws Exception {
        try (LoadPod load = LoadPod.start(real, "load", IMAGE)) {
            real.edit(
                    "parameters: {cost: 10, gamma: 0.001}", "parameters: {cost: 9, gamma: 0.001}");
            RealCluster.Done version = real.apply();
            assertThat(version.text()).contains("digits: trained digits version 2");
            Waits.until(
                    "version 2 answers", () -> real.predictSeven().text().contains("version 2"));
            load.goesOnWithoutAFailure("a new version came");

            // Without a second image, new pods of the same.
            Optional<String> next = next();
            real.edit("          memory: 512Mi", "          memory: 520Mi");
            real.image(next);
            assertThat(real.run("diff", "-f", real.file().toString()).text())
                    .contains("-            memory: \"512Mi\"", "+            memory: \"520Mi\"")
                    .contains(next.map("image: %s"::formatted).orElse(""));
            assertThat(real.apply().code()).isZero();
            load.goesOnWithoutAFailure("new pods came of " + next.orElse("the same image"));
        }
    }

    @Test
    @Order(6)
    void a_server_pod_that_is_killed_and_a_gateway_pod_that_is_deleted_fail_nobody()
            throws Exception {
        real.awaitReady("server", 2);
        real.awaitReady("gateway", 2);
        try (LoadPod load = LoadPod.start(real, "load", IMAGE)) {
            real.client().kill(real.ref("v1", "Pod", real.ready("server").name()));
            load.goesOnWithoutAFailure("a server's pod was killed");
            real.awaitReady("server", 2);

            real.client().delete(real.ref("v1", "Pod", real.ready("gateway").name()));
            load.goesOnWithoutAFailure("a gateway's pod was deleted");
            real.awaitReady("gateway", 2);
            load.goesOnWithoutAFailure("it was there again");
        }
    }

    @Test
    @Order(7)
    void a_bad_image_gives_its_reason_leaves_what_runs_and_is_rolled_back() {
        real.image(Optional.of("example.invalid/none:1"));

        RealCluster.Done bad = real.apply("--timeout", "60s");

        assertThat(bad.code()).isEqualTo(3);
        assertThat(bad.text())
                .contains("image 'example.invalid/none:1' cannot be had", "image.name", "rollback");
        assertThat(real.predictSeven().text()).startsWith("digits: 7 (");

        RealCluster.Done back = real.run("rollback", "--namespace", real.namespace());
        assertThat(back.code()).as(back.text()).isZero();
        assertThat(real.run("status", "--namespace", real.namespace()).code()).isZero();
        real.image(next());
        assertThat(real.run("diff", "-f", real.file().toString()).code()).isZero();
    }

    @Test
    @Order(8)
    void what_the_file_no_longer_asks_for_goes_but_no_volume() {
        real.edit("name: gateway\n", "name: entry\n");

        RealCluster.Done applied = real.apply();

        assertThat(applied.code()).isZero();
        assertThat(applied.text())
                .contains("deployment/entry-gateway created", "deployment/gateway pruned");
        assertThat(real.ours("apps/v1", "Deployment"))
                .containsExactlyInAnyOrder("digits-server", "entry-gateway");
        assertThat(real.client().list("v1", "PersistentVolumeClaim", real.namespace(), Map.of()))
                .hasSize(1);
    }

    /// A second image of the same program, where the cluster has one.
    private static Optional<String> next() {
        return Optional.ofNullable(System.getenv("TIDEMILL_NEXT_IMAGE"));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }
}
