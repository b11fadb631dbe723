package dev.tidemill.gateway.audit;

import dev.tidemill.http.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A file with one JSON object a line. A file that is full becomes `FILE.1`, the one before it
/// `FILE.2`, and so on; the oldest is deleted.
final class FileSink implements AuditSink {
    private final Path file;
    private final long maxBytes;
    private final int kept;
    private @Nullable OutputStream out;
    private long size;

    /// @param maxBytes of one file, about
    /// @param kept full files beside the current one
    FileSink(Path file, long maxBytes, int kept) {
        this.file = file;
        this.maxBytes = maxBytes;
        this.kept = kept;
    }

    @Override
    public void write(List<AuditEntry> entries) throws IOException {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (AuditEntry entry : entries) {
            byte[] line = Json.bytes(entry);
            if (size + lines.size() + line.length >= maxBytes && size + lines.size() > 0) {
                flush(lines);
                rotate();
            }
            lines.writeBytes(line);
            lines.write('\n');
        }
        flush(lines);
    }

    private void flush(ByteArrayOutputStream lines) throws IOException {
        OutputStream current = out;
        if (current == null) {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            current =
                    Files.newOutputStream(
                            file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            out = current;
            size = Files.size(file);
        }
        try {
            lines.writeTo(current);
            size += lines.size();
            lines.reset();
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private void rotate() throws IOException {
        close();
        if (!Files.exists(file)) {
            return;
        }
        if (kept == 0) {
            Files.delete(file);
            return;
        }
        for (int i = kept; i >= 1; i--) {
            Path from = i == 1 ? file : numbered(i - 1);
            if (Files.exists(from)) {
                Files.move(from, numbered(i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private Path numbered(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    @Override
    public void close() {
        OutputStream open = out;
        out = null;
        size = 0;
        if (open != null) {
            try {
                open.close();
            } catch (IOException _) {
                // What was written was not buffered here.
            }
        }
    }
}
