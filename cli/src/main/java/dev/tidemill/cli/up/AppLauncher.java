package dev.tidemill.cli.up;

import dev.tidemill.cli.process.ChildEvent;
import dev.tidemill.cli.process.ChildProcess;
import dev.tidemill.spec.App;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;

/// Starts replicas of apps, each with a port of its own, and says in their place when they listen
/// and when they can work. Confined to the [Loop].
final class AppLauncher {
    static final String ROLE = "app";
    private static final Duration FIRST_LOOK = Duration.ofMillis(20);
    private static final Duration LAST_LOOK = Duration.ofMillis(500);

    private final Children children;
    private final Loop loop;
    private final HealthProbes probes;
    private final Path folder;
    private final Map<String, String> ours;

    /// @param folder that commands run in
    /// @param ours what is set in the environment of this process
    AppLauncher(
            Children children,
            Loop loop,
            HealthProbes probes,
            Path folder,
            Map<String, String> ours) {
        this.children = children;
        this.loop = loop;
        this.probes = probes;
        this.folder = folder;
        this.ours = Map.copyOf(ours);
    }

    /// @throws UncheckedIOException when it cannot be started
    ChildProcess start(
            App app,
            String name,
            String gatewayUrl,
            BiConsumer<ChildProcess, ChildEvent> listener) {
        int port = freePort();
        Map<String, String> environment = environment(app, port, gatewayUrl, ours);
        ChildProcess child =
                children.program(
                        ROLE,
                        name,
                        command(app, environment, folder),
                        folder,
                        environment,
                        listener);
        Thread.ofVirtual()
                .name("start-" + name)
                .start(() -> announce(child, HealthCheck.of(app.health()), port, listener));
        return child;
    }

    /// What a replica finds beside what is set already: secrets are, or it would not have started.
    static Map<String, String> environment(
            App app, int port, String gatewayUrl, Map<String, String> ours) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put(App.PORT, String.valueOf(port));
        environment.put(App.GATEWAY_URL, gatewayUrl);
        for (App.Secret secret : app.secrets()) {
            environment.put(secret.env(), ours.getOrDefault(secret.env(), ""));
        }
        app.env()
                .forEach((key, value) ->
                        environment.put(key, App.filled(List.of(value), environment).getFirst()));
        return environment;
    }

    /// A program by a path is one of the file's folder.
    static List<String> command(App app, Map<String, String> environment, Path folder) {
        List<String> words = App.filled(app.command(), environment);
        String program = words.getFirst();
        if (!program.contains("/")) {
            return words;
        }
        List<String> found = new ArrayList<>(words);
        found.set(0, folder.resolve(program).normalize().toString());
        return found;
    }

    private void announce(
            ChildProcess child,
            HealthCheck check,
            int port,
            BiConsumer<ChildProcess, ChildEvent> listener) {
        loop.run(() -> listener.accept(child, new ChildEvent.Listening(port)));
        URI address = URI.create("http://127.0.0.1:" + port);
        Duration look = FIRST_LOOK;
        while (child.alive()) {
            if (probes.answers(address, check)) {
                loop.run(() -> listener.accept(child, new ChildEvent.Ready()));
                return;
            }
            LockSupport.parkNanos(look.toNanos());
            look = look.multipliedBy(2).compareTo(LAST_LOOK) < 0 ? look.multipliedBy(2) : LAST_LOOK;
        }
    }

    /// Somebody else may take it before the program does: that replica ends, and the next one has
    /// another.
    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port", e);
        }
    }
}
