package dev.tidemill.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.stores.files.FileArtifactStore;
import dev.tidemill.stores.s3.S3ArtifactStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ObjectStoreConfigTest {
    @TempDir Path folder;

    @Test
    void is_read_as_manifests_write_it() throws IOException {
        Files.writeString(folder.resolve("AWS_ACCESS_KEY_ID"), "id");
        Files.writeString(folder.resolve("AWS_SECRET_ACCESS_KEY"), "secret");

        try (S3ArtifactStore store = store("https://minio.data.svc:9000")) {
            assertThat(store).isNotNull();
        }
    }

    @Test
    void names_the_key_that_is_missing_and_an_endpoint_that_is_none() throws IOException {
        assertThatThrownBy(() -> store("https://minio"))
                .hasMessageContaining("objectStore.credentials: '")
                .hasMessageContaining("AWS_ACCESS_KEY_ID");
        Files.writeString(folder.resolve("AWS_ACCESS_KEY_ID"), "id");
        Files.writeString(folder.resolve("AWS_SECRET_ACCESS_KEY"), "secret");
        assertThatThrownBy(() -> store("https://minio/path"))
                .hasMessageContaining("objectStore.endpoint: 'https://minio/path' (expected: ");
    }

    private S3ArtifactStore store(String endpoint) {
        String line =
                """
                {"name" : "control", "host" : "0.0.0.0", "port" : 8080, "dataDirectory" : "/data",
                 "objectStore" : {"bucket" : "models", "prefix" : "prod/", "endpoint" : "%s",
                 "region" : "us-east-1", "pathStyle" : true, "credentials" : "%s"}}
                """
                        .formatted(endpoint, folder);
        return ControlConfig.parse(line)
                .objectStore()
                .orElseThrow()
                .store(
                        FileArtifactStore.in(folder.resolve("near")),
                        folder,
                        InstantSource.system());
    }
}
