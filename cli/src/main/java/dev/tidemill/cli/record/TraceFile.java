package dev.tidemill.cli.record;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// A trace that grows by whole lines, each of which is on its way to the disk when it is written.
final class TraceFile implements AutoCloseable {
    private final BufferedWriter out;

    private TraceFile(BufferedWriter out) {
        this.out = out;
    }

    /// @param append whether to go on with one that is there
    /// @param header its first line
    static TraceFile open(Path file, boolean append, Optional<String> header) {
        try {
            boolean goesOn = append && Files.exists(file) && Files.size(file) > 0;
            TraceFile trace =
                    new TraceFile(
                            Files.newBufferedWriter(
                                    file,
                                    StandardCharsets.UTF_8,
                                    StandardOpenOption.WRITE,
                                    goesOn
                                            ? StandardOpenOption.APPEND
                                            : append
                                                    ? StandardOpenOption.CREATE
                                                    : StandardOpenOption.CREATE_NEW));
            if (!goesOn) {
                header.ifPresent(trace::line);
            }
            return trace;
        } catch (FileAlreadyExistsException e) {
            throw new TidemillException(
                    ErrorCode.CONFLICT,
                    "--out: '%s' (expected: a file that is not there yet, or --append)"
                            .formatted(file),
                    e);
        } catch (IOException e) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "--out: '%s' (expected: a file that can be written)".formatted(file),
                    e);
        }
    }

    void line(String line) {
        add(line);
        flush();
    }

    /// On its way with the next flush.
    void add(String line) {
        try {
            out.write(line + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("the trace cannot be written", e);
        }
    }

    void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the trace cannot be written", e);
        }
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
