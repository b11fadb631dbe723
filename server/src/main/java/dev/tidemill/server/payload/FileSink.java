package dev.tidemill.server.payload;

import dev.tidemill.http.Json;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A file with one JSON object a line. A file that is full becomes `FILE.1`, the one before it
/// `FILE.2`, and so on; the oldest is deleted.
public final class FileSink implements PayloadSink {
    private final Path file;
    private final long maxBytes;
    private final int kept;
    private @Nullable OutputStream out;
    private long size;

    /// @param maxBytes of one file, about
    /// @param kept full files beside the current one
    public FileSink(Path file, long maxBytes, int kept) {
        this.file = file;
        this.maxBytes = maxBytes;
        this.kept = kept;
    }

    @Override
    public void write(PayloadEntry entry) throws IOException {
        byte[] line = Json.bytes(json(entry));
        OutputStream current = out == null ? open() : out;
        if (size > 0 && size + line.length + 1 > maxBytes) {
            current.close();
            rotate();
            current = open();
        }
        current.write(line);
        current.write('\n');
        size += line.length + 1;
    }

    @Override
    public void flush() throws IOException {
        if (out != null) {
            out.flush();
        }
    }

    @Override
    public void close() throws IOException {
        if (out != null) {
            out.close();
            out = null;
        }
    }

    private OutputStream open() throws IOException {
        OutputStream opened =
                new BufferedOutputStream(
                        Files.newOutputStream(
                                file, StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                        64 * 1024);
        size = Files.size(file);
        out = opened;
        return opened;
    }

    private void rotate() throws IOException {
        out = null;
        Files.deleteIfExists(numbered(kept));
        for (int i = kept - 1; i >= 1; i--) {
            if (Files.exists(numbered(i))) {
                Files.move(numbered(i), numbered(i + 1), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        if (kept > 0) {
            Files.move(file, numbered(1), StandardCopyOption.REPLACE_EXISTING);
        } else {
            Files.delete(file);
        }
    }

    private Path numbered(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    private static Map<String, Object> json(PayloadEntry entry) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("time", Instant.ofEpochMilli(entry.millis()).toString());
        json.put("id", entry.id());
        json.put("model", entry.model());
        json.put("version", entry.version());
        json.put("path", entry.path());
        json.put("status", entry.status());
        json.put("millis", Math.round(entry.nanos() / 1e4) / 100.0);
        if (!entry.error().isEmpty()) {
            json.put("error", Json.whole(entry.error()));
        }
        json.put("request", json(entry.request()));
        json.put("response", json(entry.response()));
        return json;
    }

    private static Map<String, Object> json(Payload payload) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("content_type", payload.contentType());
        json.put("bytes", payload.body().length);
        if (payload.body().length > 0) {
            try {
                json.put(
                        "body",
                        StandardCharsets.UTF_8
                                .newDecoder()
                                .decode(ByteBuffer.wrap(payload.body()))
                                .toString());
            } catch (CharacterCodingException _) {
                json.put("body_base64", Base64.getEncoder().encodeToString(payload.body()));
            }
        }
        return json;
    }
}
