package dev.tidemill.http.tracing;

import dev.tidemill.http.Bodies;
import dev.tidemill.http.HttpEdge;
import dev.tidemill.http.Listener;
import dev.tidemill.http.Metrics;
import dev.tidemill.http.Readiness;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// A small process with an edge, as a JVM of its own: starts, answers a request of its own, and
/// says which threads there are.
final class TracedProgram {
    private TracedProgram() {}

    public static void main(String[] args) throws IOException {
        Metrics metrics = new Metrics();
        Readiness readiness = new Readiness();
        try (Tracing tracing =
                        Tracing.start(
                                new Tracing.Service("program", "p0", ""),
                                System.getenv(),
                                Tracing.Clocks.SYSTEM);
                HttpEdge edge =
                        HttpEdge.builder(readiness, metrics)
                                .listen(
                                        new Listener("main", "127.0.0.1", 0, 1000),
                                        routes ->
                                                routes.get(
                                                        "/thing",
                                                        (_, response) -> {
                                                            Span.current().child("inner").end();
                                                            Bodies.send(response, Map.of());
                                                        }))
                                .tracing(tracing)
                                .build()) {
            edge.start();
            try (Socket socket = new Socket("127.0.0.1", edge.port("main"))) {
                socket.getOutputStream()
                        .write(
                                "GET /thing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                                        .getBytes(StandardCharsets.US_ASCII));
                System.out.println(
                        new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                                .lines()
                                .findFirst()
                                .orElse(""));
            }
            Thread.getAllStackTraces()
                    .keySet()
                    .forEach(thread -> System.out.println("thread " + thread.getName()));
        }
    }
}
