package dev.tidemill.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.client.control.ControlClient;
import dev.tidemill.client.control.TrainingRequest;
import dev.tidemill.client.control.TrainingRun;
import dev.tidemill.common.Digest;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Control as it is on a cluster: nobody without a token, and no files but those that were sent.
final class ControlAccessIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String TRAINING =
            """
            apiVersion: tidemill.dev/v1alpha1
            kind: Training
            metadata: {name: shapes}
            spec:
              trainer: svm
              parameters: {cost: 1, gamma: 0.1}
              dataset: {path: shapes.csv, label: label}
              evaluation: {holdout: 0.2}
              registers: {model: shapes}
            """;

    @TempDir static Path folder;

    private static ControlProcess control;
    private static URI address;

    @BeforeAll
    static void begin() throws IOException {
        Path tokens = Files.createDirectory(folder.resolve("tokens"));
        Files.writeString(tokens.resolve("admin"), "of-an-admin\n");
        Files.writeString(tokens.resolve("service"), "of-a-service\n");
        UnpackedPostgres.linkInto(folder.resolve("data", "postgres"));
        control =
                new ControlProcess(
                        new ControlConfig(
                                "control",
                                "127.0.0.1",
                                0,
                                folder.resolve("data").toString(),
                                Optional.empty(),
                                Optional.of(tokens.toString())));
        address = URI.create("http://127.0.0.1:" + control.start());
    }

    @AfterAll
    static void end() {
        control.close();
    }

    @Test
    void nobody_comes_in_without_a_token_but_probes_and_prometheus() throws Exception {
        assertThat(status("/api/v1/models")).isEqualTo(401);
        assertThat(status("/api/v1/none")).isEqualTo(401);
        assertThat(status("/health/ready")).isEqualTo(200);
        assertThat(status("/metrics")).isEqualTo(200);
        assertThatThrownBy(client("wrong")::models)
                .hasMessage(
                        "authorization: 'unknown' (expected: Bearer and a token of this control)");
    }

    @Test
    void a_service_reads_models_and_changes_none() {
        assertThat(client("of-a-service").models()).isEqualTo(client("of-an-admin").models());
        assertThatThrownBy(() -> client("of-a-service").register("m", "", new byte[1]))
                .isInstanceOfSatisfying(
                        TidemillException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.FORBIDDEN));
    }

    @Test
    void a_training_learns_from_data_that_were_sent_and_from_no_file_of_the_servers()
            throws Exception {
        ControlClient admin = client("of-an-admin");
        Path data = Files.writeString(folder.resolve("shapes.csv"), shapes());
        String digest = Digest.of(data).value();
        assertThatThrownBy(() -> admin.train(new TrainingRequest(TRAINING, folder.toString())))
                .hasMessageStartingWith("data: 'missing'");
        assertThatThrownBy(
                        () -> admin.train(new TrainingRequest(TRAINING, "", Optional.of(digest))))
                .hasMessage(
                        "data: '%s' (expected: the digest of a data set that was sent before)"
                                .formatted(digest));
        assertThat(admin.hasData(digest)).isFalse();

        assertThat(admin.putData(digest, data).bytes()).isEqualTo(Files.size(data));

        assertThat(admin.hasData(digest)).isTrue();
        TrainingRun run = admin.train(new TrainingRequest(TRAINING, "", Optional.of(digest)));
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(
                        () -> admin.run(run.id()).state(),
                        state -> state == TrainingRun.State.SUCCEEDED);
    }

    @Test
    void what_is_sent_by_another_digest_is_not_kept() throws IOException {
        Path data = Files.writeString(folder.resolve("other.csv"), "a,b\n");
        String wrong = Digest.of(new byte[0]).value();

        assertThatThrownBy(() -> client("of-an-admin").putData(wrong, data))
                .isInstanceOfSatisfying(
                        TidemillException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_ARTIFACT));
        assertThat(client("of-an-admin").hasData(wrong)).isFalse();
    }

    private static ControlClient client(String token) {
        return new ControlClient(HTTP, address, () -> Optional.of(token));
    }

    private static int status(String path) throws Exception {
        return HTTP.send(
                        HttpRequest.newBuilder(address.resolve(path)).build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static String shapes() {
        StringBuilder csv = new StringBuilder("a,b,label\n");
        for (int i = 0; i < 40; i++) {
            csv.append("%d,%d,%s%n".formatted(i % 2 * 5 + i % 3, i % 4, i % 2 == 0 ? "x" : "y"));
        }
        return csv.toString();
    }
}
