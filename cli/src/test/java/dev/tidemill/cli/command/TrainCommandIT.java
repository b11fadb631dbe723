package dev.tidemill.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.tidemill.common.Digest;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.tls.Identity;
import dev.tidemill.http.tls.Role;
import dev.tidemill.testkit.TestAuthority;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// What the pod of a Training's Job runs. Control is a script with the certificate of one; that the
/// real one lets an admin in without a certificate is shown where it is.
final class TrainCommandIT {
    private static final TestAuthority OURS = TestAuthority.create();
    private static final String RUN =
            """
            {"id": "r1", "training": "digits", "state": "%s", "inputDigest": "d", "reused": false,
             "message": "%s", "started": "2026-01-01T00:00:00Z", "ended": "2026-01-01T00:00:02Z",
             "metrics": {"accuracy": 0.97}, "model": "digits", "version": 3}
            """;

    @TempDir Path folder;

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private final Map<String, String> answers = new ConcurrentHashMap<>();

    /// What is answered once with a failure.
    private final Set<String> failing = ConcurrentHashMap.newKeySet();

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private HttpsServer control;

    @BeforeEach
    void begin() throws IOException {
        control = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        control.setHttpsConfigurator(
                new HttpsConfigurator(
                        new Identity(
                                        OURS.identity(folder.resolve("control"), "control"),
                                        Role.CONTROL,
                                        InstantSource.system())
                                .accepting(Set.of())));
        control.createContext("/", this::answer);
        control.start();
        answers.put("GET /api/v1/models", "{\"models\": []}");
        answers.put("POST /api/v1/trainings", RUN.formatted("RUNNING", "trains"));
        answers.put("GET /api/v1/runs/r1", RUN.formatted("SUCCEEDED", "done"));
        Files.writeString(folder.resolve("token"), "of-an-admin\n");
        Files.writeString(folder.resolve("ca.crt"), OURS.pem());
        Files.writeString(
                Files.createDirectory(folder.resolve("data")).resolve("digits.csv"),
                "a,label\n1,x\n");
        Files.writeString(
                folder.resolve("training.yaml"),
                """
                apiVersion: tidemill.dev/v1alpha1
                kind: Training
                metadata: {name: digits}
                spec:
                  trainer: logistic
                  dataset: {path: digits.csv, label: label}
                  registers: {model: digits}
                """);
    }

    @AfterEach
    void end() {
        control.stop(0);
    }

    @Test
    void it_sends_the_data_of_its_volume_and_waits_for_the_model() throws IOException {
        String digest = Digest.of(folder.resolve("data/digits.csv")).value();
        answers.put(
                "PUT /api/v1/data/" + digest,
                "{\"digest\": \"%s\", \"bytes\": 12}".formatted(digest));

        assertThat(train(folder.resolve("ca.crt"))).isZero();

        assertThat(asked)
                .containsSubsequence(
                        "GET /api/v1/models Bearer of-an-admin",
                        "GET /api/v1/data/%s Bearer of-an-admin".formatted(digest),
                        "PUT /api/v1/data/%s Bearer of-an-admin".formatted(digest),
                        "POST /api/v1/trainings Bearer of-an-admin",
                        "GET /api/v1/runs/r1 Bearer of-an-admin");
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("digits: sent digits.csv (12 B)")
                .contains("digits: trained digits version 3 in 2.0 s: accuracy 97.00 %");
    }

    @Test
    void a_training_that_failed_ends_it_with_the_words_of_control() throws IOException {
        String digest = Digest.of(folder.resolve("data/digits.csv")).value();
        answers.put("GET /api/v1/data/" + digest, "{\"digest\": \"d\", \"bytes\": 12}");
        answers.put(
                "POST /api/v1/trainings", RUN.formatted("FAILED", "accuracy 0.71 is below 0.98"));

        assertThat(train(folder.resolve("ca.crt"))).isEqualTo(4);
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("Training/digits: accuracy 0.71 is below 0.98");

        answers.put(
                "POST /api/v1/trainings",
                RUN.formatted("FAILED", "control was restarted")
                        .replace("{\"accuracy\": 0.97}", "{}"));
        assertThatThrownBy(() -> train(folder.resolve("ca.crt")))
                .as("which may be tried again")
                .isInstanceOf(TidemillException.class)
                .hasMessageContaining("Training/digits: control was restarted");
        assertThat(asked).noneMatch(request -> request.startsWith("PUT"));
    }

    @Test
    void what_it_comes_after_is_in_no_file_here() throws IOException {
        String digest = Digest.of(folder.resolve("data/digits.csv")).value();
        answers.put("GET /api/v1/data/" + digest, "{\"digest\": \"d\", \"bytes\": 12}");
        Path file = folder.resolve("training.yaml");
        Files.writeString(file, Files.readString(file) + "  after: [other]\n");

        assertThat(train(folder.resolve("ca.crt"))).isZero();
    }

    @Test
    void what_a_program_of_one_s_own_made_is_sent_with_its_metrics() throws IOException {
        program();
        Path output = Files.createDirectory(folder.resolve("output"));
        Files.writeString(output.resolve("faces.onnx"), "an ONNX file");
        Files.writeString(output.resolve("metrics.json"), "{\"f1\": 0.93, \"epochs\": 20}");
        String digest = Digest.of(output.resolve("faces.onnx")).value();
        answers.put(
                "PUT /api/v1/data/" + digest,
                "{\"digest\": \"%s\", \"bytes\": 12}".formatted(digest));

        assertThat(train(folder.resolve("ca.crt"), "--output=" + output)).isZero();

        assertThat(bodies)
                .anyMatch(body ->
                        body.contains("\"model\":\"" + digest)
                                && body.contains("\"f1\":0.93")
                                && body.contains("\"dataset\":\"sha256:"));
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("digits: sent faces.onnx (12 B)", "digits: being registered")
                .contains("in 2.0 s: accuracy 0.97");
    }

    @Test
    void a_program_that_measured_nothing_for_its_gates_is_not_tried_again() throws IOException {
        program("  gates: [{metric: f1, min: 0.9}, {metric: recall, min: 0.8}]\n");
        Path output = output();

        assertThat(train(folder.resolve("ca.crt"), "--output=" + output)).isEqualTo(4);

        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains(
                        "Training/digits: metrics.json: 'missing' (expected: f1, recall, which its"
                                + " gates ask for)");
        assertThat(asked).as("nothing is sent").isEmpty();
    }

    @Test
    void what_a_program_made_outlives_a_control_that_fails_once() throws IOException {
        program();
        Path output = output();
        String digest = Digest.of(output.resolve("model.onnx")).value();
        answers.put(
                "PUT /api/v1/data/" + digest,
                "{\"digest\": \"%s\", \"bytes\": 12}".formatted(digest));
        failing.add("POST /api/v1/trainings");

        assertThat(train(folder.resolve("ca.crt"), "--output=" + output)).isZero();

        assertThat(asked.stream().filter(request -> request.startsWith("PUT")))
                .as("control had no such model the second time either")
                .hasSize(2);
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("will be sent again: restarts");
    }

    @Test
    void what_control_refuses_of_a_program_is_not_sent_again() throws IOException {
        program();
        answers.put("POST /api/v1/trainings", RUN.formatted("FAILED", "accuracy 0.71"));
        Path output = output();
        answers.put(
                "GET /api/v1/data/" + Digest.of(output.resolve("model.onnx")).value(),
                "{\"digest\": \"d\", \"bytes\": 12}");

        assertThat(train(folder.resolve("ca.crt"), "--output=" + output)).isEqualTo(4);
        assertThat(asked.stream().filter(request -> request.startsWith("POST"))).hasSize(1);
    }

    @Test
    void output_that_cannot_be_read_is_named() throws IOException {
        program();
        Path none = folder.resolve("none");
        assertThatThrownBy(() -> train(folder.resolve("ca.crt"), "--output=" + none))
                .hasMessageStartingWith("output: '%s' (expected: a folder that can be", none);

        Path output = output();
        Files.write(output.resolve("metrics.json"), new byte[] {'{', (byte) 0xe9, '}'});
        assertThatThrownBy(() -> train(folder.resolve("ca.crt"), "--output=" + output))
                .hasMessage("metrics.json: 'not UTF-8' (expected: JSON)");
    }

    private Path output() throws IOException {
        Path output = Files.createDirectory(folder.resolve("output"));
        Files.writeString(output.resolve("model.onnx"), "an ONNX file");
        return output;
    }

    @Test
    void a_link_in_what_a_program_made_is_not_followed() throws IOException {
        program();
        Path output = Files.createDirectory(folder.resolve("output"));
        Files.createSymbolicLink(output.resolve("model.onnx"), folder.resolve("token"));
        assertThatThrownBy(() -> train(folder.resolve("ca.crt"), "--output=" + output))
                .hasMessageContaining("output: 'no model'");

        Files.delete(output.resolve("model.onnx"));
        Files.writeString(output.resolve("model.onnx"), "an ONNX file");
        Files.createSymbolicLink(output.resolve("metrics.json"), folder.resolve("token"));
        assertThatThrownBy(() -> train(folder.resolve("ca.crt"), "--output=" + output))
                .hasMessageContaining("metrics.json: 'unreadable'");
        assertThat(asked).isEmpty();
    }

    @Test
    void only_a_program_of_one_s_own_has_an_output() throws IOException {
        assertThatThrownBy(() -> train(folder.resolve("ca.crt"), "--output=" + folder))
                .hasMessageContaining("--output: '" + folder);
        program();
        assertThatThrownBy(() -> train(folder.resolve("ca.crt")))
                .hasMessageContaining("--output: 'missing'");
    }

    private void program() throws IOException {
        program("");
    }

    private void program(String more) throws IOException {
        Files.writeString(
                folder.resolve("training.yaml"),
                """
                apiVersion: tidemill.dev/v1alpha1
                kind: Training
                metadata: {name: digits}
                spec:
                  trainer: program
                  dataset: {path: digits.csv}
                  registers: {model: digits}
                  job: {volume: {claimName: sets}, image: example.com/own:1}
                """
                        + more);
    }

    @Test
    void an_authority_that_cannot_be_read_is_named() {
        assertThatThrownBy(() -> train(folder.resolve("none")))
                .hasMessageContaining("--ca-file: '" + folder.resolve("none"));
    }

    private int train(Path authority, String... more) {
        TrainCommand command =
                new TrainCommand(new PrintStream(said, true, StandardCharsets.UTF_8));
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                folder.resolve("training.yaml").toString(),
                                "--data=" + folder.resolve("data"),
                                "--control=https://127.0.0.1:" + control.getAddress().getPort(),
                                "--token-file=" + folder.resolve("token"),
                                "--ca-file=" + authority));
        arguments.addAll(List.of(more));
        new CommandLine(command).parseArgs(arguments.toArray(String[]::new));
        return command.call();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String request = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
        bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        asked.add(request + " " + exchange.getRequestHeaders().getFirst("authorization"));
        if (failing.remove(request)) {
            answer(exchange, 503, "{\"error\": \"restarts\", \"code\": \"UNAVAILABLE\"}");
            return;
        }
        String answer = answers.get(request);
        if (answer == null) {
            answer(exchange, 404, "{\"error\": \"none\", \"code\": \"NOT_FOUND\"}");
        } else {
            answer(exchange, 200, answer);
        }
    }

    private static void answer(HttpExchange exchange, int status, String answer)
            throws IOException {
        byte[] body = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
