package dev.tidemill.stores.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class S3AddressTest {
    @Test
    void names_the_bucket_in_the_host_or_in_the_path() {
        assertThat(new S3Address("models", "", Optional.empty(), "eu-central-1", false).of("a/b c"))
                .hasToString("https://models.s3.eu-central-1.amazonaws.com/a/b%20c");
        assertThat(at("https://minio.data.svc:443").of("ä+$"))
                .hasToString("https://minio.data.svc/models/team/%C3%A4%2B%24");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ftp://h", "http://user@h", "http://h/path", "http://h?query", "minio:9000"})
    void refuses_what_is_no_endpoint(String endpoint) {
        assertThatThrownBy(() -> at(endpoint))
                .hasMessage(
                        "endpoint: '%s' (expected: http://HOST:PORT or https://HOST:PORT)"
                                .formatted(endpoint));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ab", "Models", "a/b", "-ab"})
    void refuses_what_is_no_bucket(String bucket) {
        assertThatThrownBy(() -> new S3Address(bucket, "", Optional.empty(), "us-east-1", false))
                .hasMessageStartingWith("bucket: '" + bucket + "' (expected:");
    }

    private static S3Address at(String endpoint) {
        return new S3Address(
                "models", "team", Optional.of(URI.create(endpoint)), "us-east-1", true);
    }
}
