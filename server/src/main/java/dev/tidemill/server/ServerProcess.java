package dev.tidemill.server;

import dev.tidemill.common.logging.JsonLines;
import dev.tidemill.common.logging.PlainLines;
import dev.tidemill.common.process.StopSignal;
import dev.tidemill.common.process.SupervisorLink;
import dev.tidemill.http.Json;
import dev.tidemill.http.ServiceDiscovery;
import dev.tidemill.runtimes.onnx.OnnxRuntime;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;

/// The process `server`: a model server under a supervisor, or alone in the foreground.
///
/// Life: listens, loads and warms up its models, says that it is ready, serves until its supervisor
/// closes standard input or the process gets SIGTERM or SIGINT, drains, returns. A model that
/// cannot be loaded keeps it from being ready; it stays up to say why.
public final class ServerProcess {
    private static final System.Logger LOGGER = System.getLogger(ServerProcess.class.getName());

    private ServerProcess() {}

    /// Runs a server until it is told to end.
    ///
    /// @param in the supervisor's lines: the configuration first
    /// @param out for events and log lines
    /// @throws dev.tidemill.common.TidemillException when the configuration is wrong or the port
    ///   cannot be bound
    public static void main(InputStream in, PrintStream out) throws InterruptedException {
        prepare();
        ServiceDiscovery.switchOff();
        SupervisorLink link = new SupervisorLink(in, out);
        ServerConfig config =
                Json.read(
                        link.configuration().getBytes(StandardCharsets.UTF_8), ServerConfig.class);
        JsonLines.install(config.name(), out);
        try (StopSignal stop = StopSignal.install()) {
            link.follow(
                    _ ->
                            LOGGER.log(
                                    System.Logger.Level.WARNING,
                                    "a new configuration came; a server takes one at its start only"),
                    stop::ask);
            OnnxRuntime runtime = new OnnxRuntime(config.deviceChoice());
            try (ModelServer server = new ModelServer(config, runtime, System.getenv())) {
                server.beginToLoad();
                server.listen();
                server.grpcPorts().stream().findFirst().ifPresent(link::listeningForGrpc);
                link.listening(server.port());
                if (server.awaitLoaded()) {
                    link.ready();
                    Announcement.device(runtime.device());
                }
                stop.await();
                server.drain();
            }
        }
    }

    /// Runs a server in the foreground until the process gets SIGTERM or SIGINT.
    ///
    /// @param out for log lines
    /// @throws dev.tidemill.common.TidemillException when a port cannot be bound
    public static void serve(ServerConfig config, PrintStream out) throws InterruptedException {
        OnnxRuntime runtime = new OnnxRuntime(config.deviceChoice());
        ServiceDiscovery.switchOff();
        PlainLines.install(ZoneId.systemDefault(), out);
        try (StopSignal stop = StopSignal.install();
                ModelServer server = new ModelServer(config, runtime, System.getenv())) {
            // Before anything is loaded: a port that is in use is the usual mistake.
            server.listen();
            Announcement.listening(config, ModelServer.loads(), server.port(), server.tfsPort());
            Announcement.device(runtime.device());
            server.beginToLoad();
            server.awaitLoaded();
            Announcement.loaded(server.models(), server.whyNotReady());
            stop.await();
            // Logging ends when the JVM begins to.
            out.println("stopping: requests in flight may finish");
            server.drain();
        }
    }

    /// Begins with what [#serve] needs whatever is served, while its models are fetched: the native
    /// library takes a while, and its environment is every runtime's.
    public static void prepare() {
        Thread.ofPlatform()
                .daemon()
                .name("preparing")
                .start(() -> {
                    try (OnnxRuntime any = new OnnxRuntime()) {
                        any.prepare();
                    }
                });
    }
}
