package dev.tidemill.cli.rehearse;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.LongConsumer;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/// The lines of a trace, packed by gzip or not, without ever holding more than one: lines that are
/// too long are refused instead of read.
public final class TraceFile implements Iterator<String>, Closeable {
    private static final int LONGEST_LINE = 1 << 20;
    private static final long TELL_EVERY = 1 << 22;

    private final Path file;
    private final Reader reader;
    private final char[] buffer = new char[1 << 16];
    private final StringBuilder line = new StringBuilder();
    private int at;
    private int filled;
    private long number;
    private boolean end;

    private TraceFile(Path file, Reader reader) {
        this.file = file;
        this.reader = reader;
    }

    /// @param progress is told now and then how many bytes of the file were read
    /// @throws TidemillException `INVALID_REQUEST` when it cannot be read or is not UTF-8
    public static TraceFile open(Path file, LongConsumer progress) {
        try {
            if (Files.isDirectory(file)) {
                throw unreadable(file, "a file, not a folder", null);
            }
            BufferedInputStream in =
                    new BufferedInputStream(
                            new Counting(Files.newInputStream(file), progress), 1 << 16);
            in.mark(4);
            byte[] first = in.readNBytes(2);
            in.reset();
            boolean packed = first.length == 2 && first[0] == 0x1f && first[1] == (byte) 0x8b;
            int both = first.length == 2 ? ((first[0] & 0xff) << 8) | (first[1] & 0xff) : 0;
            if (both == 0xfeff || both == 0xfffe) {
                in.close();
                throw unreadable(
                        file, "text in UTF-8; this is UTF-16: iconv -f UTF-16 -t UTF-8", null);
            }
            InputStream text = packed ? new GZIPInputStream(in, 1 << 16) : in;
            return new TraceFile(file, new InputStreamReader(text, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw unreadable(file, "a readable file of rows", e);
        }
    }

    private static TidemillException unreadable(
            Path file, String expected, @Nullable Throwable cause) {
        String message = "--trace: '%s' (expected: %s)".formatted(file, expected);
        return cause == null
                ? new TidemillException(ErrorCode.INVALID_REQUEST, message)
                : new TidemillException(ErrorCode.INVALID_REQUEST, message, cause);
    }

    @Override
    public boolean hasNext() {
        return at < filled || fill();
    }

    @Override
    public String next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        line.setLength(0);
        number++;
        while (hasNext()) {
            int from = at;
            while (at < filled && buffer[at] != '\n') {
                at++;
            }
            line.append(buffer, from, at - from);
            if (line.length() > LONGEST_LINE) {
                throw new TidemillException(
                        ErrorCode.INVALID_REQUEST,
                        "trace line %d: '%s...' (expected: a line of at most %d characters)"
                                .formatted(number, line.substring(0, 40), LONGEST_LINE));
            }
            if (at < filled) {
                at++;
                break;
            }
        }
        return line.toString();
    }

    private boolean fill() {
        if (end) {
            return false;
        }
        try {
            filled = Math.max(0, reader.read(buffer, 0, buffer.length));
        } catch (IOException e) {
            throw unreadable(
                    file, "a file that can be read to its end; line %d".formatted(number), e);
        }
        at = 0;
        end = filled == 0;
        if (end) {
            close();
        }
        return !end;
    }

    @Override
    public void close() {
        try {
            reader.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Counts what is read of the file itself, packed or not.
    private static final class Counting extends FilterInputStream {
        private final LongConsumer progress;
        private long count;
        private long told;

        Counting(InputStream in, LongConsumer progress) {
            super(in);
            this.progress = progress;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            count += Math.max(0, read);
            if (count - told >= TELL_EVERY) {
                told = count;
                progress.accept(count);
            }
            return read;
        }
    }
}
