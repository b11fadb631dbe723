package dev.tidemill.stores.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.common.Digest;
import dev.tidemill.common.TidemillException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Copies of files in a real server of S3's protocol.
final class S3CopiesIT {
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

    @Test
    void a_file_is_put_once_with_its_digest_beside_it() throws IOException {
        S3Address bucket = server.address();
        Path dump = Files.writeString(folder.resolve("20260101T030000Z.dump"), "a database");
        try (S3Copies copies = on(bucket);
                S3Objects objects =
                        new S3Objects(bucket, () -> S3Server.CREDENTIALS, InstantSource.system())) {
            assertThat(copies.put(dump)).isTrue();
            assertThat(copies.put(dump)).isFalse();

            Files.delete(dump);
            objects.download("20260101T030000Z.dump", dump);
            assertThat(dump).hasContent("a database");
            assertThat(objects.get("20260101T030000Z.dump.sha256"))
                    .hasValueSatisfying(mark ->
                            assertThat(new String(mark, StandardCharsets.UTF_8))
                                    .isEqualTo(
                                            Digest.of(dumpBytes(dump)).hex()
                                                    + "  20260101T030000Z.dump\n"));
        }
    }

    @Test
    void what_was_interrupted_is_put_again() throws IOException {
        S3Address bucket = server.address();
        Path dump = Files.writeString(folder.resolve("a.dump"), "whole");
        try (S3Copies copies = on(bucket);
                S3Objects objects =
                        new S3Objects(bucket, () -> S3Server.CREDENTIALS, InstantSource.system())) {
            objects.put("a.dump", new byte[] {1});

            assertThat(copies.put(dump)).isTrue();
            assertThat(objects.get("a.dump")).contains(Files.readAllBytes(dump));
        }
    }

    @Test
    void a_bucket_that_is_not_there_is_said() throws IOException {
        Path dump = Files.writeString(folder.resolve("a.dump"), "whole");
        try (S3Copies copies = on(server.address("nobodys-bucket"))) {
            assertThatThrownBy(() -> copies.put(dump)).isInstanceOf(TidemillException.class);
        }
    }

    private static byte[] dumpBytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static S3Copies on(S3Address address) {
        return new S3Copies(address, () -> S3Server.CREDENTIALS, InstantSource.system());
    }
}
