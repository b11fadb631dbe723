import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A provider of language models: says the same to everything, and finds all questions about tides
/// alike.
final class Provider implements AutoCloseable {
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    Provider() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/chat/completions", this::chat);
        server.createContext("/v1/embeddings", this::embed);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /// The bodies of the chats that it was asked for.
    List<String> asked() {
        return asked;
    }

    private void chat(HttpExchange exchange) throws IOException {
        asked.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        answer(
                exchange,
                """
                {"id":"c-1","object":"chat.completion","created":1,"model":"tide-1","choices":[{"index":0,
                "message":{"role":"assistant","content":"Twice a day. Ask ann@example.com."},"finish_reason":"stop"}],
                "usage":{"prompt_tokens":1000,"completion_tokens":500,"total_tokens":1500}}""");
    }

    private void embed(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String vector = body.contains("tide") ? "[1.0,0.0,0.0]" : "[0.0,1.0,0.0]";
        answer(
                exchange,
                "{\"object\":\"list\",\"model\":\"e\",\"data\":[{\"object\":\"embedding\",\"index\":0,\"embedding\":%s}],\"usage\":{\"prompt_tokens\":3,\"total_tokens\":3}}"
                        .formatted(vector));
    }

    private static void answer(HttpExchange exchange, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("content-type", "application/json");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
