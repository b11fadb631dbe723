package dev.tidemill.spec;

import dev.tidemill.spec.yaml.MappingCursor;
import java.net.URI;
import java.util.Optional;

/// Reads where gateways share their limits.
final class SharedLimitReader {
    private SharedLimitReader() {}

    static Optional<SharedLimits> read(MappingCursor limits) {
        MappingCursor shared = limits.child(SharedLimitKeys.SHARED);
        URI redis = shared.get(SharedLimitKeys.REDIS);
        Optional<String> user = shared.find(SharedLimitKeys.USER);
        MappingCursor password = shared.child(SharedLimitKeys.PASSWORD);
        Optional<String> env = password.find(SharedLimitKeys.ENV);
        Optional<String> file = password.find(SharedLimitKeys.FILE);
        boolean secret =
                shared.has(SharedLimitKeys.PASSWORD) && shared.isSound(SharedLimitKeys.PASSWORD);
        if (secret && password.has(SharedLimitKeys.ENV) == password.has(SharedLimitKeys.FILE)) {
            password.problem(SharedLimitKeys.ENV, "one of env or file");
        }
        if (user.isPresent() && !shared.has(SharedLimitKeys.PASSWORD)) {
            shared.problem(SharedLimitKeys.USER, "given with a password only");
        }
        SharedLimits read =
                new SharedLimits(
                        redis,
                        user,
                        secret
                                ? Optional.of(new Route.Credential(env, file, ""))
                                : Optional.empty(),
                        shared.get(SharedLimitKeys.TIMEOUT),
                        shared.get(SharedLimitKeys.WHEN_LOST));
        return limits.has(SharedLimitKeys.SHARED) && limits.isSound(SharedLimitKeys.SHARED)
                ? Optional.of(read)
                : Optional.empty();
    }
}
