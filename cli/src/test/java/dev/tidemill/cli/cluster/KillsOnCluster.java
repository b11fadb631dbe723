package dev.tidemill.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.cluster.Fields;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Processes that are killed on a node of a real cluster, with clients who ask all the time.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class KillsOnCluster {
    private static final String IMAGE = "tidemill:0.1.0";
    private static final Duration RECOVERED = Duration.ofSeconds(20);
    private static final int BROKEN = 100;

    @TempDir static Path folder;

    private static RealCluster real;

    @BeforeAll
    static void open() {
        real = RealCluster.open("kills-" + Long.toString(System.nanoTime(), 36), folder);
        assertThat(real.apply().code()).isZero();
    }

    @AfterAll
    static void close() {
        if (real != null) {
            real.close();
        }
    }

    @Test
    void a_server_process_fails_nobody_and_is_soon_back() throws Exception {
        real.awaitReady("server", 2);
        try (LoadPod load = LoadPod.start(real, "load", IMAGE)) {
            Fields server = real.ready("server");

            new NodeShell(real, IMAGE).killJava(server);

            load.goesOnWithoutAFailure("a server's process was killed");
            real.awaitReady("server", 2);
            Duration whole = recovery(server.name());
            Waits.say("figure: server at full strength %d s after kill -9", whole.toSeconds());
            assertThat(whole).isLessThan(RECOVERED);
            load.goesOnWithoutAFailure("it was there again");
        }
    }

    /// Whoever is on the way through it breaks, and so does who comes until the cluster knows.
    @Test
    void a_gateway_process_breaks_what_it_held_and_nothing_after() throws Exception {
        real.awaitReady("gateway", 2);
        try (LoadPod load = LoadPod.start(real, "load", IMAGE)) {
            new NodeShell(real, IMAGE).killJava(real.ready("gateway"));
            real.awaitReady("gateway", 2);

            long broken = load.excuse("a gateway's process was killed");
            Waits.say("figure: %d requests failed with the gateway's process", broken);
            assertThat(broken).isLessThan(BROKEN);
            load.goesOnWithoutAFailure("it was there again");
        }
    }

    @Test
    void a_restart_of_the_api_server_fails_nobody() throws Exception {
        String restart = System.getenv("TIDEMILL_RESTART_API");
        Assumptions.assumeTrue(
                restart != null, "TIDEMILL_RESTART_API: no command that restarts the API server");
        try (LoadPod load = LoadPod.start(real, "load", IMAGE)) {
            Process process =
                    new ProcessBuilder("sh", "-c", restart)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            assertThat(process.waitFor(90, TimeUnit.SECONDS)).as(restart).isTrue();
            assertThat(process.exitValue()).as(restart).isZero();

            load.goesOnWithoutAFailure("the API server was restarted");
            assertThat(real.apply().text()).contains("release", "runs after");
        }
    }

    /// From the end of a process to its successor that is ready, as the node wrote it down.
    private static Duration recovery(String pod) {
        Fields now = real.client().get(real.ref("v1", "Pod", pod)).orElseThrow();
        String ended =
                now.children("status", "containerStatuses")
                        .getFirst()
                        .text("lastState", "terminated", "finishedAt");
        String ready =
                now.children("status", "conditions").stream()
                        .filter(one -> one.text("type").equals("Ready"))
                        .findFirst()
                        .orElseThrow()
                        .text("lastTransitionTime");
        return Duration.between(Instant.parse(ended), Instant.parse(ready));
    }
}
