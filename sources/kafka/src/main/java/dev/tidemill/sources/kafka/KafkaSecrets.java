package dev.tidemill.sources.kafka;

import dev.tidemill.spec.scaling.KafkaLag.SecretText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where the secrets are that a source names. They are read anew for each new connection, so that
/// one that was exchanged is found.
public interface KafkaSecrets {
    /// @throws IOException with where it should be, never with what it is
    String text(SecretText secret) throws IOException;

    /// What a file in PEM holds.
    String file(String path) throws IOException;

    /// On one machine: in the environment, and in files relative to a folder.
    static KafkaSecrets beside(Path folder, Map<String, String> environment) {
        return new KafkaSecrets() {
            @Override
            public String text(SecretText secret) throws IOException {
                if (secret.env().isPresent()) {
                    return some(
                            environment.get(secret.env().get()), "variable", secret.env().get());
                }
                return file(secret.file().orElse("")).strip();
            }

            @Override
            public String file(String path) throws IOException {
                return read(folder.resolve(path));
            }
        };
    }

    /// On a cluster: in one folder, as `NAMESPACE.NAME`, where NAME is the variable or the last
    /// part of the path. So a namespace reaches no secret of another, nor anything else of the
    /// process.
    ///
    /// @param folder empty when the process was given none
    static KafkaSecrets mounted(Optional<Path> folder, String namespace) {
        return new KafkaSecrets() {
            @Override
            public String text(SecretText secret) throws IOException {
                return file(secret.env().or(secret::file).orElse("")).strip();
            }

            @Override
            public String file(String path) throws IOException {
                String name = namespace + "." + path.substring(path.lastIndexOf('/') + 1);
                if (folder.isEmpty()) {
                    throw new IOException(
                            "secret: '%s' (expected: an operator with --sources-dir)"
                                    .formatted(name));
                }
                return read(folder.get().resolve(name));
            }
        };
    }

    private static String read(Path file) throws IOException {
        try {
            return some(Files.readString(file), "file", file.toString());
        } catch (IOException e) {
            throw new IOException(
                    "secret: '%s' (expected: a file that can be read)".formatted(file), e);
        }
    }

    private static String some(@Nullable String value, String what, String where)
            throws IOException {
        if (value == null || value.isBlank()) {
            throw new IOException("secret: '%s' (expected: a %s with it)".formatted(where, what));
        }
        return value;
    }
}
