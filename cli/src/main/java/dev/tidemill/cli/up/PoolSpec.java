package dev.tidemill.cli.up;

import dev.tidemill.spec.App;
import dev.tidemill.spec.Model;
import dev.tidemill.spec.ModelPool;
import dev.tidemill.spec.ModelResources;
import dev.tidemill.spec.scaling.Scaling;
import java.time.Duration;
import java.util.List;

/// What the replicas of a pool run, and how they are watched and ended.
sealed interface PoolSpec {
    String name();

    Scaling scaling();

    /// What one replica may use.
    ///
    /// @param kind of its replicas; empty where there is one
    ModelResources resources(String kind);

    /// That it serves; none of an app.
    List<Model> models();

    HealthCheck health();

    /// After which a replica that is not ready is ended.
    Duration startLimit();

    /// Between the moment when nobody sends it requests any more and the one when it is told to
    /// end.
    Duration pause();

    /// That it has from then on.
    Duration grace();

    /// Model servers: they drain by themselves.
    record Servers(ModelPool pool) implements PoolSpec {
        private static final Duration START_LIMIT = Duration.ofSeconds(20);
        private static final Duration GRACE = Duration.ofSeconds(15);

        @Override
        public String name() {
            return pool.name();
        }

        @Override
        public Scaling scaling() {
            return pool.scaling();
        }

        @Override
        public ModelResources resources(String kind) {
            return pool.scaling().place(kind).resources(pool.owner());
        }

        @Override
        public List<Model> models() {
            return pool.models();
        }

        @Override
        public HealthCheck health() {
            return HealthCheck.SERVER;
        }

        @Override
        public Duration startLimit() {
            return START_LIMIT;
        }

        @Override
        public Duration pause() {
            return Duration.ZERO;
        }

        @Override
        public Duration grace() {
            return GRACE;
        }
    }

    /// A program of anybody's, which knows nothing of a gateway: what the gateway sends it while
    /// that learns of the end still arrives before the signal.
    record Programs(App app) implements PoolSpec {
        private static final Duration PAUSE = Duration.ofMillis(500);

        @Override
        public String name() {
            return app.name();
        }

        @Override
        public Scaling scaling() {
            return app.scaling();
        }

        @Override
        public ModelResources resources(String kind) {
            return app.resources();
        }

        @Override
        public List<Model> models() {
            return List.of();
        }

        @Override
        public HealthCheck health() {
            return HealthCheck.of(app.health());
        }

        @Override
        public Duration startLimit() {
            return app.health().startup();
        }

        @Override
        public Duration pause() {
            return PAUSE;
        }

        @Override
        public Duration grace() {
            return app.gracePeriod();
        }
    }
}
