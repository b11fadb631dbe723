package dev.tidemill.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.client.control.ControlClient;
import dev.tidemill.client.control.ModelVersion;
import dev.tidemill.client.control.TrainingRequest;
import dev.tidemill.client.control.TrainingRun;
import dev.tidemill.client.control.TrainingRun.State;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// What control does when something goes wrong under it. All tests share one data folder, and one
/// process until a test ends it and starts the next, as the lives of one control do.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ControlFailuresIT {
    @TempDir private static Path folder;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private Process process;
    private int port;
    private ControlClient client;

    /// What the process runs that the tests talk to and kill.
    public static void main(String[] arguments) throws InterruptedException {
        PrintStream out = System.out;
        System.setOut(System.err);
        ControlProcess.main(System.in, out);
    }

    @BeforeAll
    void begin() throws IOException {
        UnpackedPostgres.linkInto(folder.resolve("data", "postgres"));
        start();
    }

    private void start() throws IOException {
        process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx256m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                ControlFailuresIT.class.getName())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        OutputStream stdin = process.getOutputStream();
        stdin.write(configuration().getBytes(StandardCharsets.UTF_8));
        stdin.flush();
        BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = lines.readLine();
        while (!line.startsWith("{\"event\":\"ready\"")) {
            if (line.startsWith("{\"event\":\"listening\"")) {
                port = Integer.parseInt(line.replaceAll("\\D+", ""));
            }
            line = lines.readLine();
        }
        Thread.ofVirtual().start(() -> lines.lines().forEach(_ -> {}));
        client = new ControlClient(HTTP, URI.create("http://127.0.0.1:" + port));
    }

    @AfterAll
    void stop() throws IOException, InterruptedException {
        process.getOutputStream().close();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_run_that_was_cut_off_by_a_kill_has_failed_when_control_is_back() throws Exception {
        TrainingRun run = client.train(endless("killed", "5m"));
        assertThat(run.state()).isEqualTo(State.RUNNING);

        process.destroyForcibly().waitFor();
        start();

        TrainingRun after = client.run(run.id());
        assertThat(after.state()).isEqualTo(State.FAILED);
        assertThat(after.message()).isEqualTo("control was restarted while it ran");
        assertThat(after.ended()).isAfter(after.started());
    }

    @Test
    void a_training_is_stopped_in_the_middle_of_a_fit_when_its_time_is_over() throws Exception {
        TrainingRun run = finished(client.train(endless("late", "1s")));

        assertThat(run.state()).isEqualTo(State.FAILED);
        assertThat(run.message())
                .isEqualTo("training: 'not finished' (expected: within spec.timeout, 1.0 s)");
        assertThat(Duration.between(run.started(), run.ended())).isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void a_training_that_runs_when_control_ends_is_written_down_as_failed() throws Exception {
        TrainingRun run = client.train(endless("ended", "5m"));

        stop();
        start();

        TrainingRun after = client.run(run.id());
        assertThat(after.state()).isEqualTo(State.FAILED);
        assertThat(after.message()).contains("(expected: control to run on)");
    }

    @Test
    void the_same_training_asked_for_twice_at_once_runs_once() throws Exception {
        TrainingRequest request = endless("twice", "1s");
        TrainingRun first = client.train(request);
        assertThat(client.train(request).id()).isEqualTo(first.id());
        finished(first);
    }

    @Test
    void a_version_whose_files_were_damaged_is_made_again() throws Exception {
        TrainingRequest request = easy("damaged", 1);
        TrainingRun first = finished(client.train(request));
        assertThat(first.state()).as(first.message()).isEqualTo(State.SUCCEEDED);
        Path model = Path.of(client.version("damaged", "1").path(), "model.onnx");
        assertThat(model.toFile().setWritable(true)).isTrue();
        Files.writeString(model, "damaged");

        TrainingRun second = finished(client.train(request));

        assertThat(second.reused()).isFalse();
        ModelVersion repaired = client.version("damaged", "latest");
        assertThat(repaired.digest()).isEqualTo(client.version("damaged", "1").digest());
        assertThat(Files.size(model)).isGreaterThan(100);
    }

    @Test
    void going_back_to_an_earlier_file_goes_back_to_its_version_but_a_promotion_stays()
            throws Exception {
        finished(client.train(easy("back", 1)));
        finished(client.train(easy("back", 2)));
        assertThat(client.version("back", "@production").version()).isEqualTo(2);

        assertThat(client.train(easy("back", 1)).reused()).isTrue();
        assertThat(client.version("back", "@production").version()).isEqualTo(1);

        client.promote("back", "production", 2);
        assertThat(client.train(easy("back", 1)).reused()).isTrue();
        assertThat(client.version("back", "@production").version()).isEqualTo(2);
    }

    @Test
    void every_run_keeps_what_each_fold_measured_for_each_class() throws Exception {
        TrainingRun run = finished(client.train(easy("report", 1)));

        String report = get("/api/v1/runs/" + run.id() + "/report");

        assertThat(report)
                .contains("\"folds\"", "\"classes\"", "\"x\"", "\"y\"", "\"held\"", "\"recall\"");
    }

    @Test
    void control_ends_when_its_database_does_and_leaves_no_server() throws Exception {
        Path pidFile = folder.resolve("data/postgres/data/postmaster.pid");
        long server = Long.parseLong(Files.readAllLines(pidFile).getFirst());

        ProcessHandle.of(server).orElseThrow().destroyForcibly();

        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        start();
        assertThat(client.models()).isNotNull();
    }

    @Test
    void leftovers_of_a_crash_are_removed_at_the_start() throws Exception {
        stop();
        Path leftover = folder.resolve("data/scratch/version-1");
        Files.createDirectories(leftover);
        Files.writeString(leftover.resolve("model.onnx"), "half");

        start();

        try (Stream<Path> scratch = Files.list(folder.resolve("data/scratch"))) {
            assertThat(scratch).isEmpty();
        }
    }

    @Test
    void a_description_of_unreasonable_length_is_refused() {
        assertThatThrownBy(() -> client.register("long", "x".repeat(1001), new byte[] {1}))
                .hasMessageContaining("description: '1001 characters' (expected: at most 1000");
    }

    @Test
    void standard_input_that_ends_at_once_is_an_error_and_starts_nothing() {
        assertThatThrownBy(() -> ControlProcess.main(InputStream.nullInputStream(), System.err))
                .hasMessageContaining("standard input: 'closed'");
    }

    private TrainingRun finished(TrainingRun run) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> client.run(run.id()), now -> now.state() != State.RUNNING);
    }

    private String get(String path) throws IOException, InterruptedException {
        return HTTP.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port).resolve(path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static String configuration() {
        return "{\"name\":\"control\",\"host\":\"127.0.0.1\",\"port\":0,\"dataDirectory\":\"%s\"}%n"
                .formatted(folder.resolve("data"));
    }

    /// Learned at once, and without a mistake.
    private static TrainingRequest easy(String name, int cost) throws IOException {
        StringBuilder csv = new StringBuilder("a,b,label\n");
        for (int i = 0; i < 60; i++) {
            csv.append("%d,%d,%s%n".formatted(i % 2 * 5 + i % 3, i % 4, i % 2 == 0 ? "x" : "y"));
        }
        Files.writeString(folder.resolve(name + ".csv"), csv);
        return request(name, cost, 0.1, "5m");
    }

    /// Noise that a support vector machine would fit for minutes.
    private static TrainingRequest endless(String name, String timeout) throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        StringBuilder csv = new StringBuilder("a,b,c,d,label\n");
        for (int i = 0; i < 4000; i++) {
            for (int column = 0; column < 4; column++) {
                csv.append(random.nextInt(1000)).append(',');
            }
            csv.append(random.nextBoolean() ? "x" : "y").append('\n');
        }
        Files.writeString(folder.resolve(name + ".csv"), csv);
        return request(name, 1_000_000, 0.00001, timeout);
    }

    private static TrainingRequest request(String name, int cost, double gamma, String timeout) {
        return new TrainingRequest(
                """
                apiVersion: tidemill.dev/v1alpha1
                kind: Training
                metadata: {name: %s}
                spec:
                  trainer: svm
                  parameters: {cost: %d, gamma: %.5f}
                  dataset: {path: %s.csv, label: label}
                  evaluation: {holdout: 0.2}
                  registers: {model: %s, alias: production}
                  timeout: %s
                """
                        .formatted(name, cost, gamma, name, name, timeout),
                folder.toString());
    }
}
