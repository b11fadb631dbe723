package dev.tidemill.operator.scale;

import dev.tidemill.spec.ModelPool;
import java.net.URI;
import java.util.List;

/// A pool that is ours to scale, as the API server shows it; of several kinds of replicas one for
/// each.
///
/// @param of what the replicas are
/// @param kind of its replicas; empty where there is one
/// @param deployment that runs it
/// @param replicas that it is ordered to have
/// @param ready that serve
/// @param startSeconds that its newest replica took until it served; not-a-number before the first
/// @param servers that are ready and tell of their work, as an app's do not
/// @param pods the same, as Kubernetes knows them
public record LivePool(
        Replicated of,
        String kind,
        String deployment,
        int replicas,
        int ready,
        double startSeconds,
        List<URI> servers,
        List<PoolReading.Pod> pods) {
    public LivePool {
        servers = List.copyOf(servers);
        pods = List.copyOf(pods);
    }

    /// Whose pods nobody asks for by name.
    public LivePool(
            ModelPool pool,
            String kind,
            String deployment,
            int replicas,
            int ready,
            double startSeconds,
            List<URI> servers) {
        this(
                new Replicated.OfModels(pool),
                kind,
                deployment,
                replicas,
                ready,
                startSeconds,
                servers,
                List.of());
    }

    /// Of the only kind.
    public LivePool(
            ModelPool pool,
            String deployment,
            int replicas,
            int ready,
            double startSeconds,
            List<URI> servers) {
        this(pool, "", deployment, replicas, ready, startSeconds, servers);
    }

    String name() {
        return of.name();
    }
}
