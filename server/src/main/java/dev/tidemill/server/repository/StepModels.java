package dev.tidemill.server.repository;

import dev.tidemill.server.engine.ModelDirectory;
import dev.tidemill.server.engine.ServedModel;
import java.util.Optional;

/// The models of a repository as the steps of its ensembles see them.
record StepModels(Leases leases) implements ModelDirectory {
    @Override
    @SuppressWarnings("MustBeClosedChecker") // whoever asks gives it back
    public ServedModel enter(String model, long version) {
        ModelLease lease =
                version < 0 ? leases.acquire(model) : leases.acquire(model, Long.toString(version));
        return lease.model();
    }

    @Override
    public Optional<ServedModel> glance(String model, long version) {
        return leases.entries()
                .view(model)
                .flatMap(view ->
                        version < 0
                                ? view.newest()
                                : Optional.ofNullable(view.ready().get(Long.toString(version))));
    }
}
