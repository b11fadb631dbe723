package dev.tidemill.cli.up;

import dev.tidemill.client.control.ModelVersion;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Everything that `tidemill status --json` prints.
///
/// @param state `starting`, `ready` or `stopping`
/// @param file the resource file
/// @param gateway address to send requests to
/// @param decisions the newest, oldest first
/// @param grpc where the gateway speaks gRPC; empty where it does not
/// @param metrics of the gateway, for Prometheus; empty while it is being restarted
public record Status(
        String state,
        String file,
        String gateway,
        long pid,
        Instant started,
        List<ProcessStatus> processes,
        List<ModelStatus> models,
        List<DecisionStatus> decisions,
        String grpc,
        String metrics,
        List<AppStatus> apps) {
    public Status {
        processes = List.copyOf(processes);
        models = List.copyOf(models);
        decisions = List.copyOf(decisions);
        apps = List.copyOf(apps);
    }

    /// @param role `up`, `control`, `postgres`, `gateway`, `server` or `app`
    /// @param port that it listens on; 0 when it listens on none, or not yet
    /// @param state `starting`, `ready` or `stopping`
    public record ProcessStatus(String role, String name, long pid, int port, String state) {}

    /// @param serving version that requests go to
    /// @param replicasOf the pool whose replicas serve it: its own name unless it shares another's
    /// @param pinned whether the count was set by hand
    /// @param p99Millis of the last second's requests to the pool
    /// @param reason the pool's last scaling decision in one sentence
    public record ModelStatus(
            String name,
            int serving,
            String replicasOf,
            int replicas,
            int ready,
            boolean pinned,
            double requestsPerSecond,
            double inFlight,
            double p99Millis,
            String reason,
            Map<String, Integer> aliases,
            List<ModelVersion> versions) {
        public ModelStatus {
            aliases = Map.copyOf(aliases);
            versions = List.copyOf(versions);
        }
    }

    /// @param pinned whether the count was set by hand
    /// @param p99Millis of the last second's requests
    /// @param reason the last scaling decision in one sentence
    public record AppStatus(
            String name,
            int replicas,
            int ready,
            boolean pinned,
            double requestsPerSecond,
            double inFlight,
            double p99Millis,
            String reason) {}

    /// @param about a model, an app, a process, or `tidemill`
    public record DecisionStatus(Instant at, String about, String sentence) {}
}
