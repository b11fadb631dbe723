package dev.tidemill.cli.up;

import dev.tidemill.cli.process.ChildProcess;
import dev.tidemill.cli.up.PoolPlan.Phase;
import dev.tidemill.cli.up.PoolPlan.ReplicaView;
import java.net.URI;
import java.util.Optional;

/// One child that serves models, or runs an app. Confined to the [Loop].
final class Replica {
    private final String kind;
    private final int slot;
    private final int generation;
    private final ChildProcess child;
    private final long startedNanos;
    private Phase phase = Phase.STARTING;
    private int port;
    private int grpcPort;
    private int missedProbes;

    /// @param kind empty where there is one kind
    Replica(String kind, int slot, int generation, ChildProcess child, long startedNanos) {
        this.kind = kind;
        this.slot = slot;
        this.generation = generation;
        this.child = child;
        this.startedNanos = startedNanos;
    }

    String name() {
        return child.name();
    }

    ChildProcess child() {
        return child;
    }

    String kind() {
        return kind;
    }

    int slot() {
        return slot;
    }

    int port() {
        return port;
    }

    Phase phase() {
        return phase;
    }

    long startedNanos() {
        return startedNanos;
    }

    void listeningOn(int bound) {
        port = bound;
    }

    void becameReady() {
        if (phase == Phase.STARTING) {
            phase = Phase.READY;
        }
    }

    void stopping() {
        phase = Phase.STOPPING;
    }

    /// @return how many probes in a row it has missed
    int probed(boolean answered) {
        missedProbes = answered ? 0 : missedProbes + 1;
        return missedProbes;
    }

    void speaksGrpcOn(int bound) {
        grpcPort = bound;
    }

    /// Empty when it does not.
    Optional<Integer> grpcPort() {
        return grpcPort == 0 ? Optional.empty() : Optional.of(grpcPort);
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + port);
    }

    ReplicaView view() {
        return new ReplicaView(slot, generation, phase);
    }
}
