package dev.tidemill.operator.scale;

import dev.tidemill.common.ByteSize;
import dev.tidemill.manifests.AppPods;
import dev.tidemill.manifests.ServerPods;
import dev.tidemill.spec.App;
import dev.tidemill.spec.ModelPool;
import dev.tidemill.spec.ModelResources;
import dev.tidemill.spec.scaling.Scaling;

/// What replicas are of. A model and an app of one namespace never have the same name, because
/// routes lead to either by it.
public sealed interface Replicated {
    String name();

    Scaling scaling();

    /// How Kubernetes finds its pods.
    ///
    /// @param kind of its replicas; empty where there is one
    String selector(String kind);

    /// Cores that a replica asks for.
    double cores(String kind);

    /// Bytes that a replica asks for.
    long memory(String kind);

    /// A model, and those that share its replicas.
    record OfModels(ModelPool pool) implements Replicated {
        @Override
        public String name() {
            return pool.name();
        }

        @Override
        public Scaling scaling() {
            return pool.scaling();
        }

        @Override
        public String selector(String kind) {
            return ServerPods.selector(pool.name(), kind);
        }

        @Override
        public double cores(String kind) {
            return asked(kind).cpu().orElse(ServerPods.CORES);
        }

        @Override
        public long memory(String kind) {
            return asked(kind).memory().map(ByteSize::bytes).orElse(ServerPods.MEMORY);
        }

        private ModelResources asked(String kind) {
            return pool.scaling().place(kind).resources(pool.owner());
        }
    }

    /// A program of somebody's own, which has no kinds of replicas.
    record OfApp(App app) implements Replicated {
        @Override
        public String name() {
            return app.name();
        }

        @Override
        public Scaling scaling() {
            return app.scaling();
        }

        @Override
        public String selector(String kind) {
            return AppPods.selector(app.name());
        }

        @Override
        public double cores(String kind) {
            return app.resources().cpu().orElse(AppPods.CORES);
        }

        @Override
        public long memory(String kind) {
            return app.resources().memory().map(ByteSize::bytes).orElse(AppPods.MEMORY);
        }
    }
}
