import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/// A portal: listens where `PORT` says, and asks models through the gateway that
/// `TIDEMILL_GATEWAY_URL` names. Any program in any language is an app in the same way.
class Portal {
    static final HttpClient CLIENT = HttpClient.newHttpClient();

    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "8090"));
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/health", exchange -> answer(exchange, 200, "text/plain", "well\n"));
        server.createContext("/api/ai/stream", Portal::stream);
        server.createContext("/api/ai", Portal::ask);
        server.createContext("/", Portal::page);
        server.setExecutor(Executors.newCachedThreadPool());
        // SIGTERM: what has begun is finished.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> server.stop(5)));
        server.start();
        System.out.println("listens on port " + port);
    }

    static void page(HttpExchange exchange) throws IOException {
        String greeting = System.getenv().getOrDefault("GREETING", "Hello");
        answer(
                exchange,
                200,
                "text/plain",
                "%s, %s of process %d\n"
                        .formatted(
                                greeting,
                                exchange.getRequestURI(),
                                ProcessHandle.current().pid()));
    }

    /// Passes a chat on to the gateway, with the portal's own key.
    static void ask(HttpExchange exchange) throws IOException {
        HttpRequest request =
                HttpRequest.newBuilder(
                                URI.create(
                                        System.getenv("TIDEMILL_GATEWAY_URL")
                                                + "/v1/chat/completions"))
                        .header("content-type", "application/json")
                        .header(
                                "authorization",
                                "Bearer " + System.getenv().getOrDefault("PORTAL_KEY", ""))
                        .POST(
                                HttpRequest.BodyPublishers.ofByteArray(
                                        exchange.getRequestBody().readAllBytes()))
                        .build();
        try {
            HttpResponse<String> chat =
                    CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
            answer(exchange, chat.statusCode(), "application/json", chat.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            answer(exchange, 502, "text/plain", "the gateway does not answer\n");
        }
    }

    /// Server-sent events, each sent at once.
    static void stream(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("content-type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            for (String word : new String[] {"high", "tide", "[DONE]"}) {
                out.write(("data: " + word + "\n\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        }
    }

    static void answer(HttpExchange exchange, int status, String type, String body)
            throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("content-type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }
}
