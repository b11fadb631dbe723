package dev.tidemill.cli.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemill.cli.process.ChildProcess;
import dev.tidemill.cli.process.JavaCommand;
import dev.tidemill.cli.state.StateFolder;
import dev.tidemill.spec.App;
import dev.tidemill.spec.SpecParser;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Apps as real processes, without a gateway.
final class AppFleetIT {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @TempDir private Path folder;
    private final Loop loop = new Loop();
    private final HttpClient http = HttpClient.newHttpClient();
    private final HealthProbes probes = new HealthProbes(http);
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final List<Fleet> fleets = new ArrayList<>();

    @AfterEach
    void stop() {
        for (Fleet fleet : fleets) {
            for (ChildProcess child : loop.ask(fleet::release)) {
                child.kill();
                await().atMost(Duration.ofSeconds(20)).until(() -> !child.alive());
            }
        }
        loop.close();
        http.close();
    }

    @Test
    void replicas_get_a_port_each_are_replaced_when_they_end_and_told_when_they_are_too_many()
            throws Exception {
        Fleet fleet = fleet(program());
        start(fleet);
        await().atMost(Duration.ofSeconds(20)).until(() -> ready(fleet).size() == 2);
        Replica first = ready(fleet).getFirst();
        assertThat(first.port()).isNotEqualTo(ready(fleet).getLast().port());
        assertThat(
                        http.send(
                                        HttpRequest.newBuilder(first.address()).build(),
                                        BodyHandlers.ofString())
                                .body())
                .isEqualTo("ahoy sailor|http://127.0.0.1:1|on " + first.port());
        assertThat(loop.ask(fleet::table))
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.app()).isTrue();
                    assertThat(entry.replicas()).hasSize(2);
                });

        long gone = first.child().pid();
        first.child().kill();
        await().atMost(Duration.ofSeconds(20))
                .until(() ->
                        ready(fleet).size() == 2
                                && ready(fleet).stream().noneMatch(r -> r.child().pid() == gone));
        assertThat(said).anyMatch(line -> line.contains("ended with code 137: starting another"));

        ChildProcess last =
                ready(fleet).stream()
                        .filter(r -> r.name().equals("portal-2"))
                        .findFirst()
                        .orElseThrow()
                        .child();
        loop.run(() -> fleet.target("portal").order(1, "less is enough"));
        await().atMost(Duration.ofSeconds(20)).until(() -> !last.alive());
        assertThat(ready(fleet)).hasSize(1);
        assertThat(Files.readString(folder.resolve("logs/portal-2.log"))).contains("listens");
    }

    @Test
    void a_program_that_is_not_there_is_tried_again_and_said() {
        Fleet fleet = fleet("command: [./nothing]");
        start(fleet);
        await().atMost(Duration.ofSeconds(20)).until(() -> loop.ask(fleet::failedStarts) >= 2);
        assertThat(said).anyMatch(line -> line.startsWith("portal: portal-1 cannot be started: "));
    }

    private static String program() {
        return """
        command: ["%s", -Xshare:auto, -XX:TieredStopAtLevel=1, -cp, "%s", %s, "on", $(PORT)]
          env: {NAME: sailor, GREETING: ahoy $(NAME)}
          health: {path: /}
          scaling: {min: 2}
          gracePeriod: 5s\
        """
                .formatted(JAVA, classes(), AppProgram.class.getName());
    }

    private static Path classes() {
        return Path.of(
                AppFleetIT.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    }

    private void start(Fleet fleet) {
        loop.run(fleet::runApps);
    }

    private List<Replica> ready(Fleet fleet) {
        return loop.ask(() -> fleet.pools().getFirst().ready());
    }

    private Fleet fleet(String keys) {
        App app =
                (App)
                        SpecParser.parse(
                                        "f",
                                        """
                                        apiVersion: tidemill.dev/v1alpha1
                                        kind: App
                                        metadata: {name: portal}
                                        spec:
                                          %s
                                        """
                                                .formatted(keys)
                                                .getBytes(StandardCharsets.UTF_8))
                                .orThrow()
                                .getFirst();
        StateFolder state = new StateFolder(folder);
        try {
            Files.createDirectories(state.logs());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        Children children = new Children(JavaCommand.of(System.getProperties()), state, loop);
        Fleet fleet =
                new Fleet(
                        List.of(new PoolSpec.Programs(app)),
                        children,
                        new AppLauncher(children, loop, probes, folder, Map.of()),
                        loop,
                        (about, sentence) -> said.add(about + ": " + sentence),
                        System::nanoTime,
                        1 << 20,
                        false,
                        () -> "http://127.0.0.1:1",
                        () -> {});
        fleets.add(fleet);
        return fleet;
    }
}
