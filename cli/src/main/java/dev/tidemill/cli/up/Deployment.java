package dev.tidemill.cli.up;

import dev.tidemill.spec.Gateway;
import dev.tidemill.spec.GatewayAccess;
import dev.tidemill.spec.Model;
import dev.tidemill.spec.ModelPool;
import dev.tidemill.spec.Resource;
import dev.tidemill.spec.Training;
import java.nio.file.Path;
import java.util.List;

/// What one checked file asks for.
///
/// @param file the resource file, absolute
record Deployment(
        Path file,
        List<Training> trainings,
        List<Model> models,
        Gateway gateway,
        List<ModelPool> pools) {
    Deployment {
        trainings = List.copyOf(trainings);
        models = List.copyOf(models);
        pools = List.copyOf(pools);
    }

    static Deployment of(Path file, List<Resource> resources) {
        List<Model> models = only(resources, Model.class);
        return new Deployment(
                file.toAbsolutePath().normalize(),
                only(resources, Training.class),
                models,
                only(resources, Gateway.class).getFirst(),
                ModelPool.of(models));
    }

    /// Where the file's relative paths start.
    Path folder() {
        Path parent = file.getParent();
        return parent == null ? Path.of("/") : parent;
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
