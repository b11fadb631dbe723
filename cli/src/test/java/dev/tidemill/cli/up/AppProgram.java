package dev.tidemill.cli.up;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/// A program that knows nothing of us: says what is in its environment, and lives until a signal.
final class AppProgram {
    private AppProgram() {}

    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(System.getenv("PORT"));
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext(
                "/",
                exchange -> {
                    byte[] said =
                            "%s|%s|%s"
                                    .formatted(
                                            System.getenv("GREETING"),
                                            System.getenv("TIDEMILL_GATEWAY_URL"),
                                            String.join(" ", arguments))
                                    .getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, said.length);
                    exchange.getResponseBody().write(said);
                    exchange.close();
                });
        server.start();
        System.out.println("listens");
    }
}
