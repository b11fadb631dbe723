package dev.tidemill.cli.up;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.UnaryOperator;

/// Where a running `up` takes commands: a Unix-domain socket that only its user may open, one JSON
/// line in, one JSON line back. No port, so no web page and no other user can reach it.
final class CommandSocket implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(CommandSocket.class.getName());

    /// The shortest limit of a socket's path among our platforms (macOS) is 104 bytes.
    private static final int LONGEST_PATH = 100;

    private final Path path;
    private final ServerSocketChannel server;

    private CommandSocket(Path path, ServerSocketChannel server) {
        this.path = path;
        this.server = server;
    }

    /// @param folder where the socket should be; a folder whose path is too long for a socket is
    ///   replaced by a private one in the system's temporary folder
    static CommandSocket bind(Path folder) {
        try {
            Path path = place(folder);
            Files.deleteIfExists(path);
            ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(path));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            return new CommandSocket(path, server);
        } catch (IOException e) {
            throw new UncheckedIOException("command socket in " + folder, e);
        }
    }

    Path path() {
        return path;
    }

    /// @param handler from request line to answer line; called on a thread per connection
    void serve(UnaryOperator<String> handler) {
        Thread.ofVirtual().name("command-socket").start(() -> accept(handler));
    }

    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path place(Path folder) throws IOException {
        Path wanted = folder.toAbsolutePath().resolve("up.sock");
        if (wanted.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST_PATH) {
            return wanted;
        }
        return Files.createTempDirectory("tidemill-").resolve("up.sock");
    }

    private void accept(UnaryOperator<String> handler) {
        while (true) {
            try {
                SocketChannel client = server.accept();
                Thread.ofVirtual().name("command").start(() -> answer(client, handler));
            } catch (AsynchronousCloseException e) {
                return;
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "command socket", e);
                return;
            }
        }
    }

    private static void answer(SocketChannel client, UnaryOperator<String> handler) {
        try (client;
                BufferedReader in =
                        new BufferedReader(Channels.newReader(client, StandardCharsets.UTF_8));
                BufferedWriter out =
                        new BufferedWriter(Channels.newWriter(client, StandardCharsets.UTF_8))) {
            String request = in.readLine();
            if (request != null) {
                out.write(handler.apply(request));
                out.newLine();
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "a command's caller went away", e);
        }
    }
}
