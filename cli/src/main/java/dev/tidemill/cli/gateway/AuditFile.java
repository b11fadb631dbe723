package dev.tidemill.cli.gateway;

import dev.tidemill.client.control.AuditQuery;
import dev.tidemill.client.control.AuditRecord;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The audit log of a gateway that runs alone: FILE, and the full ones before it, FILE.1, FILE.2.
public record AuditFile(Path file) {
    private static final JsonMapper JSON = JsonMapper.shared();

    /// What is asked for, the newest first.
    ///
    /// @throws TidemillException `NOT_FOUND` when there is no such file
    public List<AuditRecord> find(AuditQuery query) {
        if (!Files.isReadable(file)) {
            throw new TidemillException(
                    ErrorCode.NOT_FOUND,
                    "file: '%s' (expected: the audit log of a gateway)".formatted(file));
        }
        List<AuditRecord> found = new ArrayList<>();
        Path next = file;
        for (int i = 1; Files.isReadable(next) && found.size() < query.limit(); i++) {
            found.addAll(newest(next, query, query.limit() - found.size()));
            next = file.resolveSibling(file.getFileName() + "." + i);
        }
        return found;
    }

    private static List<AuditRecord> newest(Path file, AuditQuery query, int most) {
        Deque<AuditRecord> last = new ArrayDeque<>();
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                AuditRecord record = read(file, line);
                if (query.matches(record)) {
                    last.addFirst(record);
                    if (last.size() > most) {
                        last.removeLast();
                    }
                }
            }
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        return List.copyOf(last);
    }

    private static AuditRecord read(Path file, String line) {
        try {
            return JSON.readValue(line, AuditRecord.class);
        } catch (JacksonException e) {
            throw unreadable(file, e);
        }
    }

    private static TidemillException unreadable(Path file, Exception why) {
        return new TidemillException(
                ErrorCode.INVALID_REQUEST,
                "file: '%s' (expected: one JSON object of an audit log a line)".formatted(file),
                why);
    }
}
