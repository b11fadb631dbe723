package dev.tidemill.server.repository;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// How a model stands, for people and for those who ask. Pure.
///
/// @param versions newest first, those behind that are on their way out; at least one, if only to
///   say why there is none
record ModelReport(String model, List<VersionStatus> versions) {
    ModelReport {
        versions = List.copyOf(versions);
    }

    /// @param leaving versions that go as soon as nobody uses them
    /// @param problem of the model as a whole
    /// @param loading whether its first version is on its way
    static ModelReport of(
            String model, ModelView view, List<String> leaving, String problem, boolean loading) {
        List<VersionStatus> all = new ArrayList<>();
        for (VersionStatus loaded : view.statuses()) {
            VersionStatus status = view.today(loaded);
            all.add(status.reason().isEmpty() ? status.because(problem) : status);
        }
        for (String version : leaving) {
            if (all.stream().noneMatch(status -> status.version().equals(version))) {
                all.add(
                        new VersionStatus(
                                model, version, VersionStatus.State.UNLOADING, "in use still"));
            }
        }
        if (all.isEmpty()) {
            all.add(
                    new VersionStatus(
                            model,
                            "",
                            loading ? VersionStatus.State.LOADING : VersionStatus.State.UNAVAILABLE,
                            problem));
        }
        return new ModelReport(model, all);
    }

    /// The version that clients get who name none, or would if it were ready.
    VersionStatus usual() {
        return versions.stream()
                .filter(VersionStatus::isReady)
                .findFirst()
                .orElse(versions.getFirst());
    }

    /// @throws TidemillException `MODEL_NOT_FOUND` when it is not known
    VersionStatus version(String version) {
        return versions.stream()
                .filter(status -> status.version().equals(version))
                .findFirst()
                .orElseThrow(() ->
                        new TidemillException(
                                ErrorCode.MODEL_NOT_FOUND,
                                "model %s: version: '%s' (expected: %s)"
                                        .formatted(
                                                model,
                                                version,
                                                versions.stream()
                                                        .map(VersionStatus::version)
                                                        .collect(Collectors.joining(", ")))));
    }

    /// What is wrong with the newest of those with which something is.
    Optional<String> reason() {
        return versions.stream()
                .map(VersionStatus::reason)
                .filter(reason -> !reason.isEmpty())
                .findFirst();
    }
}
