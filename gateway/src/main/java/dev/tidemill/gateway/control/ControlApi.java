package dev.tidemill.gateway.control;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/// Control's API, one blocking request at a time.
public final class ControlApi {
    private static final byte[] NONE = {};

    private final URI control;
    private final Optional<Path> token;
    private final int timeoutMillis;
    private final @Nullable SSLSocketFactory tls;

    /// @param control such as `http://tidemill-control:8090`
    /// @param token file of what control asks for, read each time: it may be exchanged
    /// @param timeout to connect, and for each answer
    /// @param tls for a control that speaks it; null for a plain one
    public ControlApi(
            URI control, Optional<Path> token, Duration timeout, @Nullable SSLSocketFactory tls) {
        this.tls = tls;
        this.control = control;
        this.token = token;
        this.timeoutMillis = Math.toIntExact(timeout.toMillis());
    }

    public byte[] get(String path) throws IOException {
        return send("GET", path, NONE);
    }

    /// @return the answer's body
    /// @throws IllegalArgumentException when control refuses it: asking again would not help
    public byte[] send(String method, String path, byte[] body) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) control.resolve(path).toURL().openConnection();
        if (tls != null && connection instanceof HttpsURLConnection secured) {
            secured.setSSLSocketFactory(tls);
        }
        connection.setConnectTimeout(timeoutMillis);
        connection.setReadTimeout(timeoutMillis);
        connection.setRequestMethod(method);
        if (token.isPresent()) {
            connection.setRequestProperty(
                    "Authorization", "Bearer " + Files.readString(token.get()).strip());
        }
        if (body.length > 0) {
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", "application/json");
            connection.setFixedLengthStreamingMode(body.length);
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body);
            }
        }
        int status = connection.getResponseCode();
        if (status / 100 == 4) {
            throw new IllegalArgumentException("control answered %d".formatted(status));
        }
        if (status / 100 != 2) {
            throw new IOException("control answered %d".formatted(status));
        }
        return connection.getInputStream().readAllBytes();
    }
}
