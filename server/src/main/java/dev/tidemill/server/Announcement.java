package dev.tidemill.server;

import dev.tidemill.common.ByteSize;
import dev.tidemill.server.repository.ModelRepository;
import dev.tidemill.server.repository.VersionStatus;
import java.util.Optional;

/// What a server in the foreground says at its start: what it may use, where it listens, what it
/// serves.
final class Announcement {
    private static final System.Logger LOGGER = System.getLogger(ServerProcess.class.getName());

    private Announcement() {}

    static void listening(ServerConfig config, int loads, int port, Optional<Integer> tfsPort) {
        MachineShare share = MachineShare.now();
        say("machine: " + share);
        say(
                "threads: %d for long runs, 1 inside each run, %d to load models; up to %d requests and %s in flight"
                        .formatted(
                                share.processors(),
                                loads,
                                config.maxInFlight(),
                                new ByteSize(config.maxInFlightBytes())));
        say("listening: http://%s:%d".formatted(config.host(), port));
        tfsPort.ifPresent(tfs ->
                say(
                        "listening: http://%s:%d, as TensorFlow Serving does"
                                .formatted(config.host(), tfs)));
    }

    /// @param device what models run on, and why
    static void device(String device) {
        say("device: " + device);
    }

    /// @param whyNot why the server is not ready; empty when it is
    static void loaded(ModelRepository models, Optional<String> whyNot) {
        long all = models.index().stream().map(VersionStatus::model).distinct().count();
        String there =
                models.isExplicit()
                        ? "%d of the %d models there answer%s"
                        : "%d of %d models answer%s";
        LOGGER.log(
                whyNot.isEmpty() ? System.Logger.Level.INFO : System.Logger.Level.ERROR,
                ("%s: " + there)
                        .formatted(
                                whyNot.isEmpty() ? "ready" : "not ready",
                                models.ready().size(),
                                all,
                                whyNot.map(why -> "; " + why).orElse("")));
    }

    private static void say(String line) {
        LOGGER.log(System.Logger.Level.INFO, line);
    }
}
