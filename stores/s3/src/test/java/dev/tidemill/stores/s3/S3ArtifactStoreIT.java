package dev.tidemill.stores.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.Digest;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.stores.files.FileArtifactStore;
import dev.tidemill.stores.spi.ArtifactStore;
import dev.tidemill.stores.spi.FolderDigest;
import dev.tidemill.testkit.ArtifactStoreContract;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Artifacts in a real server of S3's protocol.
final class S3ArtifactStoreIT extends ArtifactStoreContract {
    private static S3Server server;

    @TempDir Path folder;

    @BeforeAll
    static void start() throws Exception {
        server = S3Server.start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.stop();
    }

    @Override
    protected ArtifactStore store() {
        return on("disk", server.address(), S3Server.CREDENTIALS);
    }

    @Test
    void another_machine_takes_what_this_one_stored() throws IOException {
        S3Address bucket = server.address();
        Path model = model("weights");
        Digest digest = on("here", bucket, S3Server.CREDENTIALS).put(model);

        Path taken = on("there", bucket, S3Server.CREDENTIALS).open(digest);

        assertThat(FolderDigest.of(taken)).isEqualTo(digest);
        assertThat(taken.resolve("names/ä + $.txt")).hasContent("names");
        assertThat(folder.resolve("there-scratch")).isEmptyDirectory();
    }

    @Test
    void what_was_changed_in_the_bucket_is_not_taken() throws IOException {
        S3Address bucket = server.address();
        Digest digest = on("here", bucket, S3Server.CREDENTIALS).put(model("weights"));
        try (S3Objects objects = objects(bucket)) {
            objects.put("sha256/%s/files/model.onnx".formatted(digest.hex()), bytes("Weights"));
        }
        ArtifactStore there = on("there", bucket, S3Server.CREDENTIALS);

        assertCode(ErrorCode.CORRUPT_ARTIFACT, () -> there.open(digest));
        assertThat(there.locate(digest)).doesNotExist();
        assertThat(folder.resolve("there-scratch")).isEmptyDirectory();
    }

    @Test
    void a_listing_that_somebody_wrote_is_not_believed() throws IOException {
        S3Address bucket = server.address();
        Digest digest = Digest.of(bytes("what it should be"));
        try (S3Objects objects = objects(bucket)) {
            objects.put(
                    "sha256/%s/listing".formatted(digest.hex()),
                    bytes(Digest.of(bytes("x")) + "  ../../outside\n"));
        }

        assertCode(
                ErrorCode.CORRUPT_ARTIFACT,
                () -> on("there", bucket, S3Server.CREDENTIALS).open(digest));
    }

    @Test
    void what_was_left_half_way_is_not_there_and_can_be_stored() throws IOException {
        S3Address bucket = server.address();
        Path model = model("weights");
        Digest digest = FolderDigest.of(model);
        try (S3Objects objects = objects(bucket)) {
            objects.put("sha256/%s/files/model.onnx".formatted(digest.hex()), bytes("wei"));
        }
        ArtifactStore there = on("there", bucket, S3Server.CREDENTIALS);

        assertCode(ErrorCode.NOT_FOUND, () -> there.open(digest));
        on("here", bucket, S3Server.CREDENTIALS).put(model);
        assertThat(there.open(digest).resolve("model.onnx")).hasContent("weights");
    }

    @Test
    void a_wrong_secret_and_a_missing_bucket_are_said() throws IOException {
        Path model = model("weights");
        S3Credentials guessed = new S3Credentials("an-id", "a-guess", Optional.empty());

        assertThatThrownBy(() -> on("here", server.address(), guessed).put(model))
                .isInstanceOf(TidemillException.class)
                .hasMessageContaining("SignatureDoesNotMatch")
                .hasMessageNotContaining("a-guess");
        assertThatThrownBy(() ->
                        on("there", server.address("no-such-bucket"), S3Server.CREDENTIALS)
                                .put(model))
                .hasMessageContaining("NoSuchBucket");
    }

    private ArtifactStore on(String machine, S3Address address, S3Credentials credentials) {
        return new S3ArtifactStore(
                address,
                () -> credentials,
                InstantSource.system(),
                FileArtifactStore.in(folder.resolve(machine)),
                folder.resolve(machine + "-scratch"));
    }

    private static S3Objects objects(S3Address address) {
        return new S3Objects(address, () -> S3Server.CREDENTIALS, InstantSource.system());
    }

    private Path model(String weights) throws IOException {
        Path model = folder.resolve("model");
        Files.createDirectories(model.resolve("names"));
        Files.writeString(model.resolve("model.onnx"), weights);
        Files.writeString(model.resolve("names/ä + $.txt"), "names");
        return model;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void assertCode(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        TidemillException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
