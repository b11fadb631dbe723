package dev.tidemill.gateway;

import dev.tidemill.common.logging.JsonLines;
import dev.tidemill.common.logging.PlainLines;
import dev.tidemill.common.process.StopSignal;
import dev.tidemill.common.process.SupervisorLink;
import dev.tidemill.gateway.config.GatewayConfig;
import dev.tidemill.gateway.reload.ConfigFollower;
import dev.tidemill.gateway.reload.ConfigSource;
import dev.tidemill.http.ServiceDiscovery;
import dev.tidemill.stores.redis.RedisMeters;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.concurrent.ThreadLocalRandom;
import javax.net.ssl.SSLSocketFactory;

/// The process `gateway`: configuration in as lines, requests in over HTTP, both until it is told
/// to end by the end of its input or a signal.
public final class GatewayProcess {
    private static final System.Logger LOGGER = System.getLogger(GatewayProcess.class.getName());

    /// The part of the heap that request bodies may take.
    private static final int BODY_SHARE = 4;

    private static final Duration FOLLOW_PERIOD = Duration.ofMillis(500);

    private GatewayProcess() {}

    /// Runs the process and returns when it has drained.
    ///
    /// @throws dev.tidemill.common.TidemillException when the first line has problems or an address
    ///   cannot be bound
    public static void main(InputStream in, PrintStream out) {
        SupervisorLink link = new SupervisorLink(in, out);
        GatewayConfig config = GatewayConfig.parse(link.configuration());
        JsonLines.install(config.name(), out);
        try (StopSignal stop = StopSignal.install();
                Gateway gateway = new Gateway(config, surroundings())) {
            gateway.start();
            link.listening(gateway.port());
            out.println(
                    SupervisorLink.EVENT_PREFIX
                            + "\"admin\",\"port\":"
                            + gateway.adminPort()
                            + "}");
            gateway.grpcPort().ifPresent(link::listeningForGrpc);
            link.ready();
            link.follow(gateway::update, stop::ask);
            stop.await();
            boolean whole = gateway.drain();
            LOGGER.log(
                    System.Logger.Level.INFO, whole ? "drained" : "ended with requests in flight");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Runs a gateway alone, in the foreground, until the process gets SIGTERM or SIGINT.
    ///
    /// @param config what the source gave first
    /// @param source is followed: what it gives later replaces what was before, unless there is
    ///   something wrong with it
    /// @param out for log lines
    /// @throws dev.tidemill.common.TidemillException when an address cannot be bound, or a key that
    ///   an upstream wants is not there
    public static void serve(GatewayConfig config, ConfigSource source, PrintStream out)
            throws InterruptedException {
        ServiceDiscovery.switchOff();
        PlainLines.install(ZoneId.systemDefault(), out);
        try (StopSignal stop = StopSignal.install();
                Gateway gateway = new Gateway(config.checked(), surroundings());
                ConfigFollower follower =
                        new ConfigFollower(
                                source, gateway::update, gateway.status(), FOLLOW_PERIOD)) {
            gateway.start();
            follower.start();
            out.println(
                    "gateway: %s://%s:%d,%s metrics: http://%s:%d/metrics"
                            .formatted(
                                    config.tls().isPresent() ? "https" : "http",
                                    config.host(),
                                    gateway.port(),
                                    gateway.grpcPort().isEmpty()
                                            ? ""
                                            : " grpc: %s:%d,"
                                                    .formatted(
                                                            config.host(),
                                                            gateway.grpcPort().getAsInt()),
                                    config.orLoopback(),
                                    gateway.adminPort()));
            stop.await();
            // Logging ends when the JVM begins to.
            out.println("stopping: requests in flight may finish");
            gateway.drain();
        }
    }

    private static Surroundings surroundings() {
        return new Surroundings(
                System::nanoTime,
                InstantSource.system(),
                ThreadLocalRandom::current,
                System.getenv(),
                () -> (SSLSocketFactory) SSLSocketFactory.getDefault(),
                store -> new RedisMeters(store.address(), store.space()),
                Runtime.getRuntime().maxMemory() / BODY_SHARE);
    }
}
