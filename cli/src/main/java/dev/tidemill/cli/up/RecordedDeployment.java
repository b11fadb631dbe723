package dev.tidemill.cli.up;

import dev.tidemill.cli.state.StateFolder;
import dev.tidemill.client.control.ControlClient;
import dev.tidemill.spec.ModelPool;
import dev.tidemill.spec.Resource;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What the recording of the start-up cache needs of `up`: a file brought to the point where its
/// servers and its gateway can be configured, with the same classes that `up` uses.
public final class RecordedDeployment {
    private final Deployment deployment;
    private final ControlClient control;
    private final ModelPool pool;

    public RecordedDeployment(Path file, StateFolder state, ControlClient control) {
        List<Resource> resources = SpecFile.parse(file);
        this.deployment = Deployment.of(file, resources);
        this.control = control;
        this.pool = deployment.pools().getFirst();
    }

    public static String controlLine(StateFolder state) {
        return Wire.control(state);
    }

    public void train() {
        new Trainings(control, deployment.folder(), (_, _) -> {}).run(deployment.trainings());
    }

    public String serverLine() {
        List<ServedModel> models = new Versions(() -> control, deployment.folder()).resolve(pool);
        return Wire.server("recorded-1", models, deployment.gateway().maxBody().bytes(), true);
    }

    /// @param port of the one replica
    public String gatewayLine(int port) {
        List<Wire.ReplicaEntry> replicas =
                List.of(
                        new Wire.ReplicaEntry(
                                "recorded-1", "http://127.0.0.1:" + port, Optional.empty()));
        return Wire.gateway(
                        deployment.gateway(),
                        deployment.folder(),
                        pool.models().stream()
                                .map(m ->
                                        new Wire.ModelEntry(
                                                m.name(),
                                                pool.name(),
                                                replicas,
                                                Optional.empty(),
                                                false))
                                .toList(),
                        0,
                        Optional.empty())
                // Any free port: a gateway may be running already.
                .replace("\"port\":" + deployment.gateway().port(), "\"port\":0")
                .replaceFirst("\"grpcPort\":\\d+", "\"grpcPort\":null");
    }
}
