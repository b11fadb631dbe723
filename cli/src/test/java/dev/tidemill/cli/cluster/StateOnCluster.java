package dev.tidemill.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.client.control.RegisteredModel;
import dev.tidemill.cluster.Fields;
import dev.tidemill.cluster.ObjectRef;
import dev.tidemill.cluster.rollout.PodTroubles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A PostgreSQL and a Redis that an Environment asks to have made, on a real cluster: one after the
/// other in one namespace. `TIDEMILL_STATE_IMAGE` is an image that has both.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 4, unit = TimeUnit.MINUTES)
final class StateOnCluster {
    private static final String IMAGE = "tidemill:0.1.0";
    private static final String POSTGRES = "tidemill-postgres";
    private static final String REDIS = "tidemill-redis";
    private static final String BACKUP = "tidemill-postgres-backup";
    private static final int STATE_USER = 999;

    /// Of the route `few`, which gets one more a minute.
    private static final int BURST = 10;

    @TempDir static Path folder;

    private static RealCluster real;
    private static Optional<String> storageClass;

    @BeforeAll
    static void open() throws Exception {
        String image = System.getenv().getOrDefault("TIDEMILL_STATE_IMAGE", "");
        Assumptions.assumeFalse(
                image.isEmpty(),
                "TIDEMILL_STATE_IMAGE: no image of PostgreSQL and Redis on the node");
        real = RealCluster.open("state-" + Long.toString(System.nanoTime(), 36), folder);
        storageClass =
                real
                        .client()
                        .list("storage.k8s.io/v1", "StorageClass", real.namespace(), Map.of())
                        .stream()
                        .filter(one ->
                                one.text(
                                                "metadata",
                                                "annotations",
                                                "storageclass.kubernetes.io/is-default-class")
                                        .equals("true"))
                        .map(Fields::name)
                        .findFirst();
        Files.writeString(
                real.file(),
                Files.readString(Path.of("src", "test", "resources", "cluster", "state.yaml"))
                        .replace("NAMESPACE", real.namespace())
                        .replace("IMAGE", image)
                        .replace(
                                "CLASS",
                                storageClass.map("storageClassName: %s, "::formatted).orElse("")));
    }

    @AfterAll
    static void close() {
        if (real != null) {
            real.close();
        }
    }

    @Test
    @Order(1)
    void from_nothing_control_has_its_registry_in_a_database_that_was_made_for_it() {
        long begin = System.nanoTime();

        RealCluster.Done applied = real.apply();

        Waits.say(
                "figure: database, limits, training and serving after %.1f s",
                (System.nanoTime() - begin) / 1e9);
        assertThat(applied.code()).as(applied.text()).isZero();
        assertThat(applied.text())
                .contains(
                        "secret/%s created".formatted(POSTGRES),
                        "secret/%s created".formatted(REDIS),
                        "digits: trained digits version 1",
                        "release 1 runs");
        assertThat(real.predictSeven().text()).startsWith("digits: 7 (");
    }

    @Test
    @Order(2)
    void volumes_have_the_class_the_size_and_the_end_that_the_file_says() {
        Fields postgres = claim("data-" + POSTGRES + "-0").orElseThrow();

        storageClass.ifPresent(
                name -> assertThat(postgres.text("spec", "storageClassName")).isEqualTo(name));
        assertThat(postgres.text("spec", "resources", "requests", "storage")).isEqualTo("3Gi");
        assertThat(whenDeleted(POSTGRES)).isEqualTo("Delete");
        assertThat(whenDeleted(REDIS)).isEqualTo("Retain");
    }

    @Test
    @Order(3)
    void what_is_applied_again_changes_nothing() {
        RealCluster.Done again = real.apply();

        assertThat(again.text()).contains("release 1 runs").doesNotContain("created", "configured");
        assertThat(real.run("diff", "-f", real.file().toString()).code()).isZero();
    }

    @Test
    @Order(4)
    void two_gateway_pods_have_one_limit_together() throws Exception {
        real.awaitReady("gateway", 2);
        List<Fields> gateways = real.pods("gateway");
        LimitedGateways limited = limited();
        // The first questions to Redis may take longer than a gateway waits: they count for it
        // alone.
        for (Fields gateway : gateways) {
            limited.ask(gateway, 2);
        }
        double before = limited.unanswered(gateways);

        int answered =
                limited.ask(gateways.getFirst(), BURST) + limited.ask(gateways.getLast(), BURST);

        double alone = limited.unanswered(gateways) - before;
        Waits.say("%d of %d answered, %.0f by a gateway alone", answered, 2 * BURST, alone);
        // What refills meanwhile is one a minute. Apart they would have answered 16.
        assertThat(alone).isLessThan(4);
        assertThat(answered - alone).isBetween(BURST - 4.0, BURST + 1.0);
    }

    @Test
    @Order(5)
    void a_redis_that_begins_again_knows_what_was_used() throws Exception {
        String before = uid(REDIS + "-0");
        real.client().delete(real.ref("v1", "Pod", REDIS + "-0"));
        Waits.until("another Redis is ready", () -> isAnother(REDIS + "-0", before));

        // The first ones find a connection broken, and count for their gateway alone.
        LimitedGateways limited = limited();
        for (Fields gateway : real.pods("gateway")) {
            limited.ask(gateway, 3);
            Waits.until("a gateway has found it", () -> !limited.isLost(gateway));
            assertThat(limited.ask(gateway, 3)).isLessThanOrEqualTo(1);
        }
    }

    @Test
    @Order(6)
    void without_its_database_control_lives_on_and_has_the_whole_registry_when_it_is_back()
            throws Exception {
        List<RegisteredModel> before = models();
        Fields control = real.ready("control");
        try (LoadPod load = LoadPod.startOne(real, "load", IMAGE)) {
            for (boolean kill : new boolean[] {false, true}) {
                String old = uid(POSTGRES + "-0");
                ObjectRef pod = real.ref("v1", "Pod", POSTGRES + "-0");
                if (kill) {
                    real.client().kill(pod);
                } else {
                    real.client().delete(pod);
                }
                String how = kill ? "killed" : "deleted";
                Duration took =
                        Waits.until(
                                "another PostgreSQL is ready",
                                () -> isAnother(POSTGRES + "-0", old));
                Duration more = Waits.until("the registry answers", () -> models().equals(before));
                Waits.say(
                        "figure: PostgreSQL %s, ready after %d s, registry whole %d ms later",
                        how, took.toSeconds(), more.toMillis());
                load.goesOnWithoutAFailure("the database's pod was " + how);
            }
        }
        assertSame(control, real.ready("control"));

        real.edit("cost: 10", "cost: 9");
        assertThat(real.apply().text()).contains("digits: trained digits version 2");
        Waits.until("version 2 answers", () -> real.predictSeven().text().contains("version 2"));
    }

    @Test
    @Order(7)
    void a_backup_made_now_is_a_whole_registry() {
        Fields cron = real.client().get(real.ref("batch/v1", "CronJob", BACKUP)).orElseThrow();
        ObjectRef job = real.ref("batch/v1", "Job", "backup-now");
        real.create(job, Map.of("spec", cron.child("spec", "jobTemplate", "spec").tree()));
        Waits.until(
                "the backup is made",
                () ->
                        real
                                .client()
                                .get(job)
                                .orElseThrow()
                                .children("status", "conditions")
                                .stream()
                                .anyMatch(one ->
                                        one.text("type").equals("Complete")
                                                && one.text("status").equals("True")));

        String restored =
                new ShellPod(
                                real,
                                System.getenv("TIDEMILL_STATE_IMAGE"),
                                STATE_USER,
                                BACKUP,
                                Optional.empty())
                        .run(
                                "restore",
                                """
                                pg_restore --list /volume/*.dump | grep -c 'TABLE DATA'
                                initdb --pgdata=/tmp/fresh --username=tidemill --auth=trust >/dev/null
                                pg_ctl --pgdata=/tmp/fresh --log=/tmp/log --wait --options='-c listen_addresses= -k /tmp' start >/dev/null
                                export PGHOST=/tmp PGUSER=tidemill PGDATABASE=tidemill
                                createdb
                                pg_restore --exit-on-error --dbname=tidemill /volume/*.dump
                                psql --tuples-only --no-align --command="select 'models ' || count(*) from registered_model"
                                psql --tuples-only --no-align --command="select 'versions ' || count(*) from model_version"
                                """);

        assertThat(restored).contains("models 1", "versions 2");
    }

    @Test
    @Order(8)
    void volumes_go_or_stay_with_their_pods_as_the_file_says() {
        for (String name : List.of(POSTGRES, REDIS)) {
            real.client().delete(real.ref("apps/v1", "StatefulSet", name));
        }

        Waits.until(
                "the database's volume is gone",
                () -> claim("data-" + POSTGRES + "-0").isEmpty() && real.pods("redis").isEmpty());
        assertThat(claim("data-" + REDIS + "-0")).isPresent();
        assertThat(claim(BACKUP)).isPresent();
    }

    private static LimitedGateways limited() {
        return new LimitedGateways(
                new AnonymousCall(real.client()), "digits-few", folder.resolve("seven.json"));
    }

    private static List<RegisteredModel> models() throws InterruptedException {
        return new ClusterControl(real.client()).with(control -> control.models());
    }

    private static String whenDeleted(String statefulSet) {
        return real.client()
                .get(real.ref("apps/v1", "StatefulSet", statefulSet))
                .orElseThrow()
                .text("spec", "persistentVolumeClaimRetentionPolicy", "whenDeleted");
    }

    private static Optional<Fields> claim(String name) {
        return real.client().get(real.ref("v1", "PersistentVolumeClaim", name));
    }

    private static String uid(String pod) {
        return real.client().get(real.ref("v1", "Pod", pod)).orElseThrow().text("metadata", "uid");
    }

    private static boolean isAnother(String pod, String uid) {
        Fields now = real.client().get(real.ref("v1", "Pod", pod)).orElseThrow();
        return !now.text("metadata", "uid").equals(uid) && PodTroubles.isReady(now);
    }

    private static void assertSame(Fields before, Fields now) {
        assertThat(now.text("metadata", "uid")).isEqualTo(before.text("metadata", "uid"));
        assertThat(now.children("status", "containerStatuses"))
                .allMatch(one -> one.number("restartCount") == 0);
    }
}
