package dev.tidemill.gateway.reload;

import dev.tidemill.gateway.config.GatewayConfig;
import java.util.Optional;

/// Where a gateway that runs alone has its configuration from. Asked about twice a second, by one
/// thread.
@FunctionalInterface
public interface ConfigSource {
    /// The configuration when it is another one than when this was asked last.
    ///
    /// @throws dev.tidemill.common.TidemillException with everything that is wrong with it; once
    ///   for each change
    Optional<GatewayConfig> changed();
}
