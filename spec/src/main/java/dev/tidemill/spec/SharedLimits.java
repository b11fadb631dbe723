package dev.tidemill.spec;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/// Where what is used of limits is kept for several gateways.
///
/// @param redis its URL
/// @param timeout after which it is not waited for any longer
/// @param failOpen whether each gateway counts by itself while it is lost; otherwise what is
///   limited is refused
public record SharedLimits(
        URI redis,
        Optional<String> user,
        Optional<Route.Credential> password,
        Duration timeout,
        boolean failOpen) {
    /// As a file has it that says no more.
    public static SharedLimits in(
            URI redis, Optional<String> user, Optional<Route.Credential> password) {
        return new SharedLimits(
                redis,
                user,
                password,
                SharedLimitKeys.TIMEOUT.fallback(),
                SharedLimitKeys.WHEN_LOST.fallback());
    }
}
