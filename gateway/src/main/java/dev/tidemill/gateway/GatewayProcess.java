package dev.tidemill.gateway;

import dev.tidemill.common.logging.JsonLines;
import dev.tidemill.common.process.StopSignal;
import dev.tidemill.common.process.SupervisorLink;
import dev.tidemill.gateway.config.GatewayConfig;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.concurrent.ThreadLocalRandom;

/// The process `gateway`: configuration in as lines, requests in over HTTP, both until it is told
/// to end by the end of its input or a signal.
public final class GatewayProcess {
    private static final System.Logger LOGGER = System.getLogger(GatewayProcess.class.getName());

    /// The part of the heap that request bodies may take.
    private static final int BODY_SHARE = 4;

    private GatewayProcess() {}

    /// Runs the process and returns when it has drained.
    ///
    /// @throws dev.tidemill.common.TidemillException when the first line has problems or an address
    ///   cannot be bound
    public static void main(InputStream in, PrintStream out) {
        SupervisorLink link = new SupervisorLink(in, out);
        GatewayConfig config = GatewayConfig.parse(link.configuration());
        JsonLines.install(config.name(), out);
        long bodyMemory = Runtime.getRuntime().maxMemory() / BODY_SHARE;
        try (StopSignal stop = StopSignal.install();
                Gateway gateway =
                        new Gateway(
                                config,
                                System::nanoTime,
                                ThreadLocalRandom::current,
                                bodyMemory,
                                System.getenv())) {
            gateway.start();
            link.listening(gateway.port());
            out.println(
                    SupervisorLink.EVENT_PREFIX
                            + "\"admin\",\"port\":"
                            + gateway.adminPort()
                            + "}");
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
}
