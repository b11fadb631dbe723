package dev.tidemill.common;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// A SHA-256 content digest, written `sha256:` and 64 hexadecimal digits (the OCI form).
public record Digest(String value) {
    private static final Pattern FORM = Pattern.compile("sha256:[0-9a-f]{64}");

    public Digest {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "digest: '%s' (expected: sha256: and 64 hexadecimal digits)".formatted(value));
        }
    }

    public static Digest of(byte[] content) {
        return finish(sha256(), content);
    }

    public static Digest of(Path file) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return finish(digest, new byte[0]);
    }

    /// A computation of its own, for what is not written as a digest.
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// The 64 hexadecimal digits alone, for file names.
    public String hex() {
        return value.substring("sha256:".length());
    }

    /// The first twelve digits, for people.
    public String shortHex() {
        return hex().substring(0, 12);
    }

    @Override
    public String toString() {
        return value;
    }

    private static Digest finish(MessageDigest digest, byte[] rest) {
        return new Digest("sha256:" + HexFormat.of().formatHex(digest.digest(rest)));
    }
}
