package dev.tidemill.cli.cluster;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// A new version that is no good: PORT STATUS MILLIS answers every request with that status, so
/// much later than it could. Nothing but what every Java has, and no class beside it, as [ClassPod]
/// wants.
public final class AnswerServer {
    private static final String BODY =
            "{\"model_name\":\"digits\",\"model_version\":\"1\",\"outputs\":[{\"name\":\"label\","
                    + "\"datatype\":\"BYTES\",\"shape\":[1],\"data\":[\"7\"]}]}";

    private AnswerServer() {}

    public static void main(String[] arguments) throws IOException {
        int status = Integer.parseInt(arguments[1]);
        long millis = Long.parseLong(arguments[2]);
        try (ServerSocket server = new ServerSocket(Integer.parseInt(arguments[0]))) {
            System.out.println("listening");
            while (true) {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket, status, millis));
            }
        }
    }

    private static void serve(Socket socket, int status, long millis) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            byte[] answer =
                    ("HTTP/1.1 %d Said\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s"
                                    .formatted(status, BODY.length(), BODY))
                            .getBytes(StandardCharsets.US_ASCII);
            while (passOver(in)) {
                Thread.sleep(millis);
                out.write(answer);
                out.flush();
            }
        } catch (IOException | InterruptedException e) {
            // Whoever asked has gone.
        }
    }

    /// Reads one request; false at the end.
    private static boolean passOver(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                return false;
            }
            head.append((char) next);
        }
        String low = head.toString().toLowerCase(Locale.ROOT);
        int at = low.indexOf("content-length:");
        long length =
                at < 0 ? 0 : Long.parseLong(low.substring(at + 15, low.indexOf('\r', at)).strip());
        in.skipNBytes(length);
        return true;
    }
}
