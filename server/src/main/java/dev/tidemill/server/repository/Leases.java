package dev.tidemill.server.repository;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.server.engine.ServedModel;
import java.util.Map;
import java.util.Optional;

/// Gives requests the versions that answer them, or says why there is none. A version that is
/// closed between being found and being entered has been replaced: the new view is looked at.
record Leases(Entries entries) {
    /// The newest version that answers.
    ///
    /// @throws TidemillException `MODEL_NOT_FOUND`, or `UNAVAILABLE` with the reason
    ModelLease acquire(String name) {
        while (true) {
            ModelEntry entry = entries.known(name);
            Optional<ServedModel> newest = entry.view().usable();
            if (newest.isEmpty()) {
                throw notReady(entry);
            }
            if (newest.get().enter()) {
                return new ModelLease(newest.get());
            }
        }
    }

    /// As above, for one version.
    ModelLease acquire(String name, String version) {
        while (true) {
            ModelEntry entry = entries.known(name);
            ServedModel model = entry.view().ready().get(version);
            if (model == null || model.obstacle().isPresent()) {
                throw notReady(entry, entry.report().version(version));
            }
            if (model.enter()) {
                return new ModelLease(model);
            }
        }
    }

    /// As above, for the version that a label names.
    ModelLease acquireLabel(String name, String label) {
        Map<String, String> labels = entries.known(name).view().labels();
        String version = labels.get(label);
        if (version == null) {
            throw new TidemillException(
                    ErrorCode.MODEL_NOT_FOUND,
                    "model %s: label: '%s' (expected: %s)"
                            .formatted(
                                    name,
                                    label,
                                    labels.isEmpty()
                                            ? "no label, the model has none"
                                            : Entries.few(labels.keySet())));
        }
        return acquire(name, version);
    }

    private static TidemillException notReady(ModelEntry entry) {
        if (!entry.isWanted()) {
            return new TidemillException(
                    ErrorCode.MODEL_NOT_FOUND,
                    "model: '%s' is %s (expected: a model that is loaded)"
                            .formatted(entry.name(), entry.problem()));
        }
        return notReady(entry, entry.report().versions().getFirst());
    }

    private static TidemillException notReady(ModelEntry entry, VersionStatus status) {
        String reason =
                switch (status.state()) {
                    case LOADING -> "loading";
                    case UNLOADING -> "unloading";
                    case READY, UNAVAILABLE -> status.reason();
                };
        return new TidemillException(
                ErrorCode.UNAVAILABLE, "model %s is not ready: %s".formatted(entry.name(), reason));
    }
}
