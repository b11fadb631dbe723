package dev.tidemill.stores.s3;

import dev.tidemill.common.Digest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// AWS's Signature Version 4 for S3, in a header: what is signed is the method, the path as it is
/// sent, the query, some headers and the digest of the body. The rules:
/// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
record SignatureV4(S3Credentials credentials, String region) {
    static final String BODY_HEADER = "x-amz-content-sha256";

    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    /// All headers that go with a request, but for the host's, which the client sends by itself.
    ///
    /// @param headers that are signed too, their names in small letters
    /// @param body hexadecimal SHA-256 of the body
    SortedMap<String, String> sign(
            String method, URI url, SortedMap<String, String> headers, String body, Instant now) {
        String time = TIME.format(now);
        SortedMap<String, String> all = new TreeMap<>(headers);
        all.put(BODY_HEADER, body);
        all.put("x-amz-date", time);
        credentials.sessionToken().ifPresent(token -> all.put("x-amz-security-token", token));
        SortedMap<String, String> signed = new TreeMap<>(all);
        signed.put("host", S3Address.authority(url));
        String names = String.join(";", signed.keySet());
        String query = url.getRawQuery() == null ? "" : url.getRawQuery();
        String canonical =
                String.join(
                        "\n",
                        method,
                        url.getRawPath(),
                        query,
                        signed.entrySet().stream()
                                .map(header -> header.getKey() + ":" + header.getValue() + "\n")
                                .collect(Collectors.joining()),
                        names,
                        body);
        String scope = "%s/%s/s3/aws4_request".formatted(time.substring(0, 8), region);
        String toSign = String.join("\n", ALGORITHM, time, scope, hash(canonical));
        all.put(
                "authorization",
                "%s Credential=%s/%s,SignedHeaders=%s,Signature=%s"
                        .formatted(
                                ALGORITHM,
                                credentials.accessKeyId(),
                                scope,
                                names,
                                HexFormat.of().formatHex(hmac(key(time), toSign))));
        return all;
    }

    private byte[] key(String time) {
        byte[] secret = ("AWS4" + credentials.secretAccessKey()).getBytes(StandardCharsets.UTF_8);
        byte[] day = hmac(secret, time.substring(0, 8));
        return hmac(hmac(hmac(day, region), "s3"), "aws4_request");
    }

    private static String hash(String text) {
        return Digest.of(text.getBytes(StandardCharsets.UTF_8)).hex();
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
