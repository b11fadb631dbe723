package dev.tidemill.http;

import io.helidon.service.registry.GlobalServiceRegistry;
import io.helidon.service.registry.ServiceRegistryConfig;
import io.helidon.service.registry.ServiceRegistryManager;

/// The server library's search for services in every jar, which nothing of [HttpEdge] needs and
/// which costs a tenth of a second or more at start.
public final class ServiceDiscovery {
    private ServiceDiscovery() {}

    /// Switches it off for the whole JVM, unless something has used it already. Called first of
    /// all, by the main of a process that uses no other part of the library than [HttpEdge]: its
    /// clients find their protocols this way.
    public static void switchOff() {
        if (GlobalServiceRegistry.configured()) {
            return;
        }
        ServiceRegistryConfig nothing =
                ServiceRegistryConfig.builder()
                        .discoverServices(false)
                        .discoverServicesFromServiceLoader(false)
                        .build();
        GlobalServiceRegistry.registry(ServiceRegistryManager.create(nothing).registry());
    }
}
