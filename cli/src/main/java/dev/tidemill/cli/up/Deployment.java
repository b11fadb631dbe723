package dev.tidemill.cli.up;

import dev.tidemill.spec.App;
import dev.tidemill.spec.Gateway;
import dev.tidemill.spec.GatewayAccess;
import dev.tidemill.spec.Model;
import dev.tidemill.spec.ModelPool;
import dev.tidemill.spec.Resource;
import dev.tidemill.spec.Training;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// What one checked file asks for.
///
/// @param file the resource file, absolute
record Deployment(
        Path file,
        List<Training> trainings,
        List<Model> models,
        Gateway gateway,
        List<ModelPool> pools,
        List<App> apps) {
    Deployment {
        trainings = List.copyOf(trainings);
        models = List.copyOf(models);
        pools = List.copyOf(pools);
        apps = List.copyOf(apps);
    }

    static Deployment of(Path file, List<Resource> resources) {
        List<Model> models = only(resources, Model.class);
        return new Deployment(
                file.toAbsolutePath().normalize(),
                only(resources, Training.class),
                models,
                only(resources, Gateway.class).getFirst(),
                ModelPool.of(models),
                only(resources, App.class));
    }

    /// Of model servers and of apps.
    List<PoolSpec> replicated() {
        return Stream.<PoolSpec>concat(
                        pools.stream().map(PoolSpec.Servers::new),
                        apps.stream().map(PoolSpec.Programs::new))
                .toList();
    }

    /// Where the file's relative paths start.
    Path folder() {
        Path parent = file.getParent();
        return parent == null ? Path.of("/") : parent;
    }

    /// How long the slowest replicas may take to their first start, which is no less than given.
    Duration startLimit(Duration least) {
        return apps.stream()
                .map(app -> app.health().startup())
                .filter(limit -> limit.compareTo(least) > 0)
                .max(Duration::compareTo)
                .orElse(least);
    }

    /// Where this machine reaches the gateway.
    String gatewayUrl(int port) {
        String host = gateway.host();
        boolean any = host.equals("0.0.0.0") || host.equals("::");
        return "http://%s:%d".formatted(any ? "127.0.0.1" : host, port);
    }

    /// Whether the gateway takes requests of whoever asks from this machine, as often as they do.
    boolean isOpen() {
        GatewayAccess access = gateway.access();
        return access.keys().isEmpty()
                && access.issuers().isEmpty()
                && access.allow().isEmpty()
                && gateway.rates().isEmpty();
    }

    private static <T extends Resource> List<T> only(List<Resource> resources, Class<T> kind) {
        return resources.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
