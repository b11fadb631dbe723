package dev.tidemill.gateway.table;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.config.GatewayRules;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Finds the keys that upstreams want. They are in the environment or in files, never in a
/// configuration.
///
/// @param environment the process's own
public record UpstreamKeys(Map<String, String> environment) {
    private static final int MAX_LENGTH = 8 * 1024;

    public UpstreamKeys {
        environment = Map.copyOf(environment);
    }

    Header header(GatewayRules.Credential credential) {
        String key = key(credential);
        HeaderName name = HeaderNames.create(credential.header());
        return HeaderValues.createCached(
                name, name.equals(HeaderNames.AUTHORIZATION) ? "Bearer " + key : key);
    }

    /// The key itself.
    ///
    /// @throws TidemillException `INVALID_SPEC` when it is not there
    public String key(GatewayRules.Credential credential) {
        if (credential.env().isPresent()) {
            String name = credential.env().get();
            String key = environment.getOrDefault(name, "").strip();
            return checked(key, "key.env", name, "a variable that holds a key");
        }
        String file = credential.file().orElse("");
        try {
            return checked(
                    Files.readString(Path.of(file)).strip(),
                    "key.file",
                    file,
                    "a file that holds a key");
        } catch (IOException e) {
            throw new TidemillException(
                    ErrorCode.INVALID_SPEC,
                    "key.file: '%s' (expected: a file that can be read)".formatted(file),
                    e);
        }
    }

    /// Never says what the key is.
    private static String checked(String key, String path, String where, String expected) {
        if (key.isEmpty()
                || key.length() > MAX_LENGTH
                || key.chars().anyMatch(c -> c <= ' ' || c >= 0x7f)) {
            throw new TidemillException(
                    ErrorCode.INVALID_SPEC,
                    "%s: '%s' (expected: %s)".formatted(path, where, expected));
        }
        return key;
    }
}
