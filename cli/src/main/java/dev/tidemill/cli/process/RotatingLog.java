package dev.tidemill.cli.process;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidemill.common.ByteSize;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A log file that is renamed to `NAME.log.1`, `.2` when it is full, so that one process's logs
/// never take more than `limit` times three. A full disk loses lines, never the process.
public final class RotatingLog implements AutoCloseable {
    /// The budget of one file, as docs/data-folder.md states it.
    public static final ByteSize DEFAULT_LIMIT = ByteSize.mebibytes(10);

    private static final int KEPT = 2;

    private final Path file;
    private final long limit;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private @Nullable BufferedWriter writer;

    @GuardedBy("lock")
    private long size;

    public RotatingLog(Path file, ByteSize limit) {
        this.file = file;
        this.limit = limit.bytes();
    }

    public Path file() {
        return file;
    }

    public void write(String line) {
        lock.lock();
        try {
            append(line);
        } catch (IOException e) {
            // Nowhere left to say it: the next line tries again with a fresh file handle.
            closeQuietly();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closeQuietly();
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void append(String line) throws IOException {
        BufferedWriter open = writer;
        if (open != null && size >= limit) {
            closeQuietly();
            rotate();
            open = null;
        }
        if (open == null) {
            open =
                    Files.newBufferedWriter(
                            file,
                            StandardCharsets.UTF_8,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.APPEND);
            writer = open;
            size = Files.size(file);
        }
        open.write(line);
        open.newLine();
        open.flush();
        size += line.length() + 1L;
    }

    private void rotate() throws IOException {
        for (int i = KEPT; i >= 1; i--) {
            Path from = i == 1 ? file : numbered(i - 1);
            if (Files.exists(from)) {
                Files.move(from, numbered(i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private Path numbered(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    @GuardedBy("lock")
    private void closeQuietly() {
        BufferedWriter open = writer;
        writer = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // The lines before were flushed one by one; nothing is left to lose.
            }
        }
    }
}
