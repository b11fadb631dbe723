package dev.tidemill.control.api;

import dev.tidemill.client.control.Alias;
import dev.tidemill.client.control.ModelList;
import dev.tidemill.common.Digest;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.ResourceName;
import dev.tidemill.common.TidemillException;
import dev.tidemill.control.registry.ModelRegistry;
import dev.tidemill.control.registry.ModelRegistry.Registration;
import dev.tidemill.control.registry.NewVersion;
import dev.tidemill.control.training.ModelFolder;
import dev.tidemill.control.training.SentModel;
import dev.tidemill.http.Bodies;
import dev.tidemill.http.RouteSet;
import dev.tidemill.http.Routes;
import dev.tidemill.runtimes.spi.ModelManifest;
import dev.tidemill.runtimes.spi.ModelRuntime;
import dev.tidemill.stores.spi.ArtifactStore;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// `/api/v1/models`: list, look up, register, promote.
public final class RegistryRoutes implements RouteSet {
    private static final long MOST_JSON_BYTES = 64 << 10;
    private static final int MOST_DESCRIPTION = 1000;

    private final ModelRegistry registry;
    private final ArtifactStore artifacts;
    private final ModelRuntime runtime;
    private final Path scratch;
    private final long mostModelBytes;

    /// @param scratch a folder for temporary files, which exists
    /// @param mostModelBytes largest model file that is taken
    public RegistryRoutes(
            ModelRegistry registry,
            ArtifactStore artifacts,
            ModelRuntime runtime,
            Path scratch,
            long mostModelBytes) {
        this.registry = registry;
        this.artifacts = artifacts;
        this.runtime = runtime;
        this.scratch = scratch;
        this.mostModelBytes = mostModelBytes;
    }

    @Override
    public void register(Routes routes) {
        routes.get("/api/v1/models", (_, response) -> list(response))
                .get("/api/v1/models/{name}", this::model)
                .get("/api/v1/models/{name}/versions/{version}", this::version)
                .post("/api/v1/models/{name}/versions", this::registerFile)
                .put("/api/v1/models/{name}/aliases/{alias}", this::promote);
    }

    private void list(ServerResponse response) {
        Bodies.send(response, new ModelList(registry.models()));
    }

    private void model(ServerRequest request, ServerResponse response) {
        Bodies.send(response, registry.model(parameter(request, "name")));
    }

    private void version(ServerRequest request, ServerResponse response) {
        Bodies.send(
                response,
                registry.version(parameter(request, "name"), parameter(request, "version")));
    }

    private void promote(ServerRequest request, ServerResponse response) {
        Alias alias = Bodies.read(request, MOST_JSON_BYTES, Alias.class);
        registry.setAlias(parameter(request, "name"), parameter(request, "alias"), alias.version());
        Bodies.send(response, alias);
    }

    private void registerFile(ServerRequest request, ServerResponse response) throws IOException {
        String name = parameter(request, "name");
        if (!ResourceName.isValid(name)) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "model: '%s' (expected: %s)".formatted(name, ResourceName.EXPECTED));
        }
        String description = request.query().first("description").orElse("");
        requireShort(description);
        String format = request.query().first("format").orElse("onnx");
        if (!format.equals("onnx")) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST, "format: '%s' (expected: onnx)".formatted(format));
        }
        Path folder = Files.createTempDirectory(scratch, "registered-");
        try {
            Upload.receive(request, folder.resolve(ModelFolder.MODEL), mostModelBytes);
            ModelManifest manifest = SentModel.manifest(runtime, folder.resolve(ModelFolder.MODEL));
            ModelFolder.describe(folder, manifest);
            Digest digest = artifacts.put(folder);
            Registration made =
                    registry.register(
                            new NewVersion(
                                    new ResourceName(name),
                                    digest,
                                    manifest,
                                    description,
                                    Map.of(),
                                    "",
                                    ""));
            Bodies.send(response, made.made() ? 201 : 200, made.version());
        } finally {
            ModelFolder.delete(folder);
        }
    }

    private static void requireShort(String description) {
        boolean plain = description.chars().noneMatch(Character::isISOControl);
        if (description.length() > MOST_DESCRIPTION || !plain) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "description: '%d characters' (expected: at most %d, none of control)"
                            .formatted(description.length(), MOST_DESCRIPTION));
        }
    }

    private static String parameter(ServerRequest request, String name) {
        return request.path().pathParameters().get(name);
    }
}
