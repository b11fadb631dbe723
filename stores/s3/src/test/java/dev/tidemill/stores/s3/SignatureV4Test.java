package dev.tidemill.stores.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.common.Digest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The examples that AWS publishes with the rules ("Signature Calculations for the Authorization
/// Header: Transferring Payload in a Single Chunk").
final class SignatureV4Test {
    private static final Instant NOW = Instant.parse("2013-05-24T00:00:00Z");
    private static final String HOST = "https://examplebucket.s3.amazonaws.com";
    private static final S3Credentials CREDENTIALS =
            new S3Credentials(
                    "AKIAIOSFODNN7EXAMPLE",
                    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                    Optional.empty());

    @Test
    void gets_a_part_of_an_object_as_the_example_does() {
        assertThat(authorization("GET", "/test.txt", Map.of("range", "bytes=0-9"), ""))
                .isEqualTo(
                        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                                + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
                                + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
    }

    @Test
    void puts_an_object_with_a_name_that_is_encoded_as_the_example_does() {
        assertThat(
                        authorization(
                                "PUT",
                                "/" + S3Address.encoded("test$file.text"),
                                Map.of(
                                        "date",
                                        "Fri, 24 May 2013 00:00:00 GMT",
                                        "x-amz-storage-class",
                                        "REDUCED_REDUNDANCY"),
                                "Welcome to Amazon S3."))
                .endsWith(
                        "Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
    }

    @Test
    void asks_with_a_query_as_the_examples_do() {
        assertThat(authorization("GET", "/?lifecycle=", Map.of(), ""))
                .endsWith(
                        "Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
        assertThat(authorization("GET", "/?max-keys=2&prefix=J", Map.of(), ""))
                .endsWith(
                        "Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
    }

    @Test
    void signs_the_token_of_credentials_that_are_given_for_a_while() {
        S3Credentials session = new S3Credentials("id", "secret", Optional.of("a-token"));

        Map<String, String> headers =
                new SignatureV4(session, "eu-central-1")
                        .sign("GET", URI.create(HOST + "/a"), new TreeMap<>(), hash(""), NOW);

        assertThat(headers).containsEntry("x-amz-security-token", "a-token");
        assertThat(headers.getOrDefault("authorization", ""))
                .contains("/eu-central-1/s3/", ";x-amz-security-token,");
    }

    private static String authorization(
            String method, String path, Map<String, String> headers, String body) {
        return String.valueOf(
                new SignatureV4(CREDENTIALS, "us-east-1")
                        .sign(
                                method,
                                URI.create(HOST + path),
                                new TreeMap<>(headers),
                                hash(body),
                                NOW)
                        .get("authorization"));
    }

    private static String hash(String body) {
        return Digest.of(body.getBytes(StandardCharsets.UTF_8)).hex();
    }
}
