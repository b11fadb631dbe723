package dev.tidemill.cli.command;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A token that an option names by its file.
final class TokenFile {
    private TokenFile() {}

    /// @throws TidemillException `UNAUTHENTICATED` when the file cannot be read
    static String read(String option, Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new TidemillException(
                    ErrorCode.UNAUTHENTICATED,
                    "%s: '%s' (expected: a readable file with a token)".formatted(option, file),
                    e);
        }
    }
}
