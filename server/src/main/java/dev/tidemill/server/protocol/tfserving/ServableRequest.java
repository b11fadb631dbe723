package dev.tidemill.server.protocol.tfserving;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.server.repository.ModelLease;
import dev.tidemill.server.repository.ModelRepository;
import dev.tidemill.server.repository.VersionStatus;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/// Which version of which model a request asks for. Failures have TensorFlow Serving's words.
///
/// @param label at most one of version and label is there
public record ServableRequest(String model, OptionalLong version, Optional<String> label) {
    public ServableRequest {
        if (version.isPresent() && label.isPresent()) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "Both model version (%d) and model version label (%s) cannot be supplied."
                            .formatted(version.getAsLong(), label.get()));
        }
    }

    public static ServableRequest latest(String model) {
        return new ServableRequest(model, OptionalLong.empty(), Optional.empty());
    }

    /// For inference and metadata.
    ///
    /// @throws TidemillException `MODEL_NOT_FOUND`, `INVALID_REQUEST` for an unknown label,
    ///   `UNAVAILABLE` with the reason for a version that is not loaded
    public ModelLease acquire(ModelRepository models) {
        requireName();
        if (label.isPresent()) {
            return orElse(
                    () -> models.acquireLabel(model, label.get()),
                    ErrorCode.INVALID_REQUEST,
                    noLabel());
        }
        return orElse(
                () ->
                        version.isPresent()
                                ? models.acquire(model, Long.toString(version.getAsLong()))
                                : models.acquire(model),
                ErrorCode.MODEL_NOT_FOUND,
                "Servable not found for request: "
                        + (version.isPresent()
                                ? "Specific(%s, %d)".formatted(model, version.getAsLong())
                                : "Latest(%s)".formatted(model)));
    }

    /// For the status of one version, or of all, newest first.
    ///
    /// @throws TidemillException `MODEL_NOT_FOUND`, `INVALID_REQUEST` for an unknown label
    public List<VersionStatus> statuses(ModelRepository models) {
        requireName();
        if (label.isPresent()) {
            try (ModelLease lease = acquire(models)) {
                return List.of(models.version(model, lease.model().version()));
            }
        }
        if (version.isPresent()) {
            return orElse(
                    () -> List.of(models.version(model, Long.toString(version.getAsLong()))),
                    ErrorCode.MODEL_NOT_FOUND,
                    "Could not find version %d of model %s".formatted(version.getAsLong(), model));
        }
        String none = "Could not find any versions of model " + model;
        List<VersionStatus> versions =
                orElse(() -> models.versions(model), ErrorCode.MODEL_NOT_FOUND, none);
        // What stands for a model that has none says why.
        for (VersionStatus status : versions) {
            if (status.version().isEmpty()) {
                throw new TidemillException(
                        ErrorCode.MODEL_NOT_FOUND,
                        status.reason().isEmpty() ? none : none + ": " + status.reason());
            }
        }
        return versions;
    }

    private void requireName() {
        if (model.isEmpty()) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST, "Missing model name in request.");
        }
    }

    private String noLabel() {
        return "Unrecognized servable version label: " + label.orElse("");
    }

    private static <T> T orElse(Supplier<T> found, ErrorCode code, String notFound) {
        try {
            return found.get();
        } catch (TidemillException e) {
            throw e.code() == ErrorCode.MODEL_NOT_FOUND
                    ? new TidemillException(code, notFound, e)
                    : e;
        }
    }
}
