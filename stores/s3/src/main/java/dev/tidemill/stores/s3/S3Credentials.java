package dev.tidemill.stores.s3;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Who asks.
///
/// @param sessionToken of credentials that are given for a while
public record S3Credentials(
        String accessKeyId, String secretAccessKey, Optional<String> sessionToken) {
    /// Those of a folder with the files `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and perhaps
    /// `AWS_SESSION_TOKEN`, as a mounted Secret has them.
    ///
    /// @throws TidemillException `INVALID_REQUEST` when one is missing
    public static S3Credentials in(Path folder) {
        Path token = folder.resolve("AWS_SESSION_TOKEN");
        return new S3Credentials(
                read(folder.resolve("AWS_ACCESS_KEY_ID")),
                read(folder.resolve("AWS_SECRET_ACCESS_KEY")),
                Files.exists(token) ? Optional.of(read(token)) : Optional.empty());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "objectStore.credentials: '%s' (expected: a file that can be read)"
                            .formatted(file),
                    e);
        }
    }

    /// Never shows the secret.
    @Override
    public String toString() {
        return accessKeyId;
    }
}
