package dev.tidemill.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemill.client.control.ArtifactFiles;
import dev.tidemill.client.control.ControlClient;
import dev.tidemill.client.control.ModelVersion;
import dev.tidemill.client.control.ProgramResult;
import dev.tidemill.client.control.TrainingRequest;
import dev.tidemill.client.control.TrainingRun;
import dev.tidemill.client.control.TrainingRun.State;
import dev.tidemill.common.Digest;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.ModelManifest;
import dev.tidemill.stores.postgres.LocalPostgres;
import dev.tidemill.stores.spi.FolderDigest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// Control as a whole: HTTP in, a real PostgreSQL and real files behind it, real training.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ControlIT {
    private static final String PROGRAM =
            """
            apiVersion: tidemill.dev/v1alpha1
            kind: Training
            metadata: {name: faces}
            spec:
              trainer: program
              dataset: {path: faces}
              gates: [{metric: f1, min: 0.9}]
              registers: {model: faces, alias: production}
              job: {volume: {claimName: sets}, image: example.com/faces:1}
            """;

    private static final Path QUICKSTART = Path.of("..", "examples", "quickstart");

    @TempDir private static Path folder;
    private ControlProcess control;
    private ControlClient client;

    @BeforeAll
    void start() throws IOException {
        UnpackedPostgres.linkInto(folder.resolve("data", "postgres"));
        begin();
    }

    @AfterAll
    void stop() {
        control.close();
    }

    @Test
    void the_digits_are_trained_measured_registered_and_not_trained_again() throws IOException {
        TrainingRequest request = quickstart("digits");
        TrainingRun run = finished(client.train(request));
        assertThat(run.state()).as(run.message()).isEqualTo(State.SUCCEEDED);
        assertThat(run.metrics().get("accuracy")).isBetween(0.98, 1.0);
        ModelVersion version = client.version("digits", "@production");
        assertThat(version.version()).isEqualTo(run.version());
        assertThat(version.trainingRun()).isEqualTo(run.id());
        assertThat(version.metrics()).isEqualTo(run.metrics());
        assertThat(version.dataDigest()).startsWith("sha256:");
        assertThat(version.description()).isNotEmpty();
        ModelManifest manifest =
                JsonMapper.shared()
                        .readValue(
                                Files.readAllBytes(Path.of(version.path(), ModelManifest.FILE)),
                                ModelManifest.class);
        assertThat(manifest.labels())
                .containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
        assertThat(manifest.samples()).hasSize(8);

        TrainingRun again = client.train(request);
        assertThat(again.reused()).isTrue();
        assertThat(again.version()).isEqualTo(run.version());
    }

    @Test
    void a_version_s_files_can_be_had_by_its_digest_and_nothing_else() throws IOException {
        ModelVersion version = client.register("elsewhere", "", onnx());
        Path copy = Files.createDirectory(folder.resolve("elsewhere"));
        List<ArtifactFiles.Entry> files = client.files(version.digest()).files();
        for (ArtifactFiles.Entry file : files) {
            client.download(version.digest(), file, copy.resolve(file.path()));
        }

        assertThat(files)
                .extracting(ArtifactFiles.Entry::path)
                .containsExactlyInAnyOrder("model.json", "model.onnx");
        assertThat(FolderDigest.of(copy).value()).isEqualTo(version.digest());
        for (String path : List.of("../../pulled", "/etc/passwd", "", "model.onnx/..", "nope")) {
            assertThat(
                            catchThrowableOfType(
                                            TidemillException.class,
                                            () ->
                                                    client.download(
                                                            version.digest(),
                                                            new ArtifactFiles.Entry(path, 1),
                                                            folder.resolve("none")))
                                    .code())
                    .isEqualTo(ErrorCode.NOT_FOUND);
        }
        assertThatThrownBy(() -> client.files("sha256:" + "0".repeat(64)))
                .hasMessageContaining("expected: one that was stored");
        assertThatThrownBy(() -> client.files("sha256:.."))
                .hasMessageContaining("expected: sha256: and 64 hexadecimal digits");
    }

    @Test
    void the_intents_reach_their_gate_and_carry_their_features() throws IOException {
        TrainingRun run = finished(client.train(quickstart("intents")));
        assertThat(run.state()).as(run.message()).isEqualTo(State.SUCCEEDED);
        assertThat(run.metrics().get("accuracy")).isBetween(0.90, 1.0);
        ModelVersion version = client.version("intents", "latest");
        assertThat(Files.readString(Path.of(version.path(), ModelManifest.FILE)))
                .contains("\"maxGram\"");
    }

    @Test
    void training_the_same_twice_gives_the_same_bytes() throws IOException {
        Path data = Files.writeString(folder.resolve("same.csv"), shapes(60));
        TrainingRun first = finished(client.train(training("same", data, "label", 1, 0)));
        TrainingRun second = finished(client.train(training("same", data, "label", 1, 0.01)));
        assertThat(second.reused()).isFalse();
        assertThat(first.state()).as(first.message()).isEqualTo(State.SUCCEEDED);
        assertThat(second.state()).as(second.message()).isEqualTo(State.SUCCEEDED);
        assertThat(client.version("same", String.valueOf(second.version())).digest())
                .isEqualTo(client.version("same", String.valueOf(first.version())).digest());
    }

    @Test
    void a_gate_that_is_missed_registers_nothing_and_says_by_how_much() throws IOException {
        Path data = Files.writeString(folder.resolve("noise.csv"), noise(60));
        TrainingRun run = finished(client.train(training("noise", data, "label", 1, 0.99)));
        assertThat(run.state()).isEqualTo(State.FAILED);
        assertThat(run.message())
                .contains("nothing was registered: gate accuracy: '0.")
                .contains("(expected: at least 0.99)");
        assertThat(
                        catchThrowableOfType(TidemillException.class, () -> client.model("noise"))
                                .code())
                .isEqualTo(ErrorCode.MODEL_NOT_FOUND);
    }

    @Test
    void bad_data_is_told_with_its_lines() throws IOException {
        Path data = Files.writeString(folder.resolve("bad.csv"), "a,label\n1,x\nfoo,y\nNaN,x\n");
        TrainingRun run = finished(client.train(training("bad", data, "label", 1, 0)));
        assertThat(run.message())
                .contains("bad.csv:3: column a: 'foo' (expected: a finite number)")
                .contains("bad.csv:4: column a: 'NaN' (expected: a finite number)");
        TrainingRun column = finished(client.train(training("bad", data, "klass", 1, 0)));
        assertThat(column.message())
                .contains("column: 'klass' (expected: one of the header's: a, label)");
    }

    @Test
    void missing_data_is_told_at_once() {
        assertThatThrownBy(() ->
                        client.train(training("m", folder.resolve("none.csv"), "label", 1, 0)))
                .isInstanceOf(TidemillException.class)
                .hasMessageContaining("none.csv' (expected: a readable file)");
    }

    @Test
    void versions_get_numbers_of_their_own_however_many_register_at_once() throws Exception {
        byte[] model = onnx();
        List<Callable<Integer>> registrations =
                IntStream.range(0, 8)
                        .<Callable<Integer>>mapToObj(i ->
                                () ->
                                        client.register("many", "n" + i, different(model, i))
                                                .version())
                        .toList();
        Set<Integer> numbers = ConcurrentHashMap.newKeySet();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> registration : threads.invokeAll(registrations)) {
                numbers.add(registration.get());
            }
        }
        assertThat(numbers).containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6, 7, 8);
    }

    @Test
    void the_same_file_is_the_same_version_and_what_is_no_model_is_refused() throws IOException {
        byte[] model = onnx();
        assertThat(client.register("twice", "", model).version()).isEqualTo(1);
        assertThat(client.register("twice", "", model).version()).isEqualTo(1);
        assertThatThrownBy(() -> client.register("broken", "", new byte[] {1, 2, 3}))
                .isInstanceOf(TidemillException.class)
                .hasMessageContaining("expected: an ONNX model");
        assertThatThrownBy(() -> client.register("Bad Name", "", model))
                .hasMessageContaining("model: 'Bad Name' (expected:");
    }

    @Test
    void what_a_program_of_one_s_own_made_is_judged_and_registered() throws IOException {
        Path model = Files.write(folder.resolve("faces.onnx"), onnx());
        String digest = Digest.of(model).value();
        client.putData(digest, model);
        TrainingRun run = finished(client.train(program(digest, Map.of("f1", 0.93, "loss", 12.5))));

        assertThat(run.state()).as(run.message()).isEqualTo(State.SUCCEEDED);
        ModelVersion version = client.version("faces", "@production");
        assertThat(version.metrics()).containsEntry("f1", 0.93).containsEntry("loss", 12.5);
        assertThat(version.trainingRun()).isEqualTo(run.id());
        assertThat(version.dataDigest()).isEqualTo("sha256:" + "0".repeat(64));
        assertThat(client.hasData(digest)).as("nothing is kept twice").isFalse();

        client.putData(digest, model);
        TrainingRun again = client.train(program(digest, Map.of("f1", 0.93, "loss", 12.5)));
        assertThat(again.reused()).as("a Job that was cut off registers once").isTrue();
        assertThat(again.version()).isEqualTo(run.version());
        assertThat(client.hasData(digest)).isFalse();
    }

    @Test
    void what_a_program_made_is_not_registered_when_it_is_not_good_enough() throws IOException {
        Path model = Files.write(folder.resolve("bad.onnx"), new byte[] {1, 2, 3});
        String digest = Digest.of(model).value();
        client.putData(digest, model);
        assertThat(finished(client.train(program(digest, Map.of("f1", 0.5)))).message())
                .isEqualTo("nothing was registered: gate f1: '0.5000' (expected: at least 0.9)");
        assertThat(client.hasData(digest)).isFalse();
        assertThat(finished(client.train(program(digest, Map.of("loss", 0.5)))).message())
                .contains("gate f1: 'not measured' (expected: at least 0.9; measured: loss)");
        assertThatThrownBy(() -> client.train(program(digest, Map.of("f1", 1.0))))
                .as("at once, so that it can be sent again")
                .isInstanceOfSatisfying(
                        TidemillException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
                .hasMessageContaining("expected: the digest of a data set that was sent before");
        client.putData(digest, model);
        assertThat(finished(client.train(program(digest, Map.of("f1", 1.0)))).message())
                .contains("expected: an ONNX model");
        assertThatThrownBy(() -> client.train(program(digest, Map.of("f 1", 1.0))))
                .hasMessageContaining("metrics: 'f 1=1.0'");
        assertThatThrownBy(() -> client.train(new TrainingRequest(PROGRAM, "/")))
                .hasMessageContaining("result: 'missing'");
    }

    @Test
    void the_same_model_of_two_programs_is_each_one_s_own() throws IOException {
        Path model = Files.write(folder.resolve("shared.onnx"), different(onnx(), 11));
        String digest = Digest.of(model).value();
        client.putData(digest, model);
        Path busy = Files.writeString(folder.resolve("busy.csv"), shapes(2000));
        client.train(training("busy", busy, "label", 1, 0.1));
        TrainingRun first = client.train(program(digest, Map.of("f1", 0.95)));
        assertThat(client.hasData(digest)).as("it is the first one's from then on").isFalse();
        client.putData(digest, model);
        TrainingRun poor = client.train(program(digest, Map.of("f1", 0.1)));
        client.putData(digest, model);
        TrainingRun second = client.train(program(digest, Map.of("f1", 0.96)));

        assertThat(finished(first).state()).isEqualTo(State.SUCCEEDED);
        assertThat(finished(poor).state()).isEqualTo(State.FAILED);
        assertThat(finished(second).state()).isEqualTo(State.SUCCEEDED);
        assertThat(client.hasData(digest)).isFalse();
    }

    @Test
    void what_a_program_says_of_its_model_is_kept_beside_it() throws IOException {
        Path model = Files.write(folder.resolve("said.onnx"), different(onnx(), 9));
        String digest = Digest.of(model).value();
        client.putData(digest, model);
        TrainingRun refused =
                finished(
                        client.train(program(digest, "{\"format\": \"onnx\"}", Map.of("f1", 1.0))));
        assertThat(refused.message()).startsWith("model.json: 'unreadable'");

        client.putData(digest, model);
        TrainingRun run =
                finished(
                        client.train(
                                program(
                                        digest,
                                        """
                                        {"format": "onnx", "file": "model.onnx", "scores": "", "samples": [],
                                         "labels": ["no", "yes"]}
                                        """,
                                        Map.of("f1", 1.0))));
        assertThat(run.state()).as(run.message()).isEqualTo(State.SUCCEEDED);
        assertThat(
                        Files.readString(
                                Path.of(
                                        client.version("faces", String.valueOf(run.version()))
                                                .path(),
                                        ModelManifest.FILE)))
                .contains("\"no\"", "\"yes\"");
    }

    private static TrainingRequest program(String model, Map<String, Double> metrics) {
        return program(model, "", metrics);
    }

    private static TrainingRequest program(
            String model, String manifest, Map<String, Double> metrics) {
        return new TrainingRequest(
                PROGRAM,
                "",
                Optional.empty(),
                Optional.of(
                        new ProgramResult(model, manifest, metrics, "sha256:" + "0".repeat(64))));
    }

    @Test
    void aliases_move_and_point_only_to_what_exists() throws IOException {
        byte[] model = onnx();
        client.register("aliased", "", model);
        client.register("aliased", "", different(model, 1));
        client.promote("aliased", "production", 1);
        assertThat(client.version("aliased", "@production").version()).isEqualTo(1);
        client.promote("aliased", "production", 2);
        assertThat(client.version("aliased", "@production").version()).isEqualTo(2);
        assertThat(client.model("aliased").aliases()).containsEntry("production", 2);
        for (String alias : new String[] {"latest", "7", "Not A Name"}) {
            assertThatThrownBy(() -> client.promote("aliased", alias, 1))
                    .hasMessageContaining("alias: '" + alias + "' (expected:");
        }
        assertThat(
                        catchThrowableOfType(
                                        TidemillException.class,
                                        () -> client.promote("aliased", "x", 9))
                                .code())
                .isEqualTo(ErrorCode.MODEL_NOT_FOUND);
    }

    @Test
    void the_database_itself_refuses_to_change_or_delete_a_version(@TempDir Path other)
            throws IOException {
        UnpackedPostgres.linkInto(other);
        try (LocalPostgres postgres = LocalPostgres.start(other, UnpackedPostgres.MIGRATIONS)) {
            Jdbi jdbi = Jdbi.create(postgres.dataSource());
            jdbi.useHandle(handle -> {
                handle.execute("insert into registered_model values ('m', '', now())");
                handle.execute(
                        "insert into model_version values ('m', 1, 'd', now(), '', '{}', '', '')");
            });
            for (String sql :
                    new String[] {
                        "update model_version set digest = 'e'",
                        "delete from model_version",
                        "truncate model_version cascade"
                    }) {
                assertThatThrownBy(() -> jdbi.useHandle(handle -> handle.execute(sql)))
                        .hasMessageContaining("model versions never change once made");
            }
        }
    }

    private void begin() {
        control =
                new ControlProcess(
                        new ControlConfig(
                                "control",
                                "127.0.0.1",
                                0,
                                folder.resolve("data").toString(),
                                Optional.empty()));
        client =
                new ControlClient(
                        HttpClient.newHttpClient(),
                        URI.create("http://127.0.0.1:" + control.start()));
    }

    private TrainingRun finished(TrainingRun run) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(120))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> client.run(run.id()), now -> now.state() != State.RUNNING);
    }

    private static TrainingRequest quickstart(String name) throws IOException {
        for (String document :
                Files.readString(QUICKSTART.resolve("tidemill.yaml")).split("(?m)^---$")) {
            if (document.contains("kind: Training") && document.contains("name: " + name)) {
                return new TrainingRequest(
                        document, QUICKSTART.toAbsolutePath().normalize().toString());
            }
        }
        throw new IllegalStateException("no training " + name);
    }

    private static TrainingRequest training(
            String name, Path data, String label, double cost, double gate) {
        return new TrainingRequest(
                """
                apiVersion: tidemill.dev/v1alpha1
                kind: Training
                metadata: {name: %s}
                spec:
                  trainer: svm
                  parameters: {cost: %s, gamma: 0.1}
                  dataset: {path: %s, label: %s}
                  evaluation: {holdout: 0.2}
                  gates: [{metric: accuracy, min: %s}]
                  registers: {model: %s}
                """
                        .formatted(name, cost, data.getFileName(), label, gate, name),
                data.getParent().toString());
    }

    private static String shapes(int rows) {
        StringBuilder csv = new StringBuilder("a,b,label\n");
        for (int i = 0; i < rows; i++) {
            csv.append("%d,%d,%s%n".formatted(i % 2 * 5 + i % 3, i % 4, i % 2 == 0 ? "x" : "y"));
        }
        return csv.toString();
    }

    private static String noise(int rows) {
        StringBuilder csv = new StringBuilder("a,label\n");
        for (int i = 0; i < rows; i++) {
            csv.append("1,%s%n".formatted(i % 2 == 0 ? "x" : "y"));
        }
        return csv.toString();
    }

    /// Any ONNX file will do: the digits' own, trained once.
    private byte[] onnx() throws IOException {
        finished(client.train(quickstart("digits")));
        return Files.readAllBytes(Path.of(client.version("digits", "latest").path(), "model.onnx"));
    }

    /// The same model in other bytes: an unknown field of the protobuf message, which readers skip.
    private static byte[] different(byte[] model, int number) {
        byte[] longer = Arrays.copyOf(model, model.length + 3);
        longer[model.length] = (byte) 0xf8;
        longer[model.length + 1] = 0x06;
        longer[model.length + 2] = (byte) number;
        return longer;
    }
}
