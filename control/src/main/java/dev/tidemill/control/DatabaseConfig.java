package dev.tidemill.control;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.stores.postgres.PostgresAddress;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A PostgreSQL that somebody else runs.
///
/// @param url `postgresql://HOST:PORT/DATABASE`
/// @param credentials absolute folder with the files `username` and `password`, and perhaps
///   `ca.crt`, as a mounted Secret has them
record DatabaseConfig(String url, String credentials) {
    /// @throws TidemillException `INVALID_REQUEST` when the address is none, or a file is missing
    PostgresAddress address() {
        Path folder = Path.of(credentials);
        Path authority = folder.resolve("ca.crt");
        try {
            return new PostgresAddress(
                    URI.create(url),
                    read(folder.resolve("username")),
                    read(folder.resolve("password")),
                    Files.exists(authority) ? Optional.of(authority) : Optional.empty());
        } catch (IllegalArgumentException e) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "database.url: '%s' (expected: %s)".formatted(url, PostgresAddress.EXPECTED),
                    e);
        }
    }

    private static String read(Path file) {
        try {
            // Who writes a file by hand ends its line.
            return Files.readString(file).stripTrailing();
        } catch (IOException e) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "database.credentials: '%s' (expected: a file that can be read)"
                            .formatted(file),
                    e);
        }
    }
}
