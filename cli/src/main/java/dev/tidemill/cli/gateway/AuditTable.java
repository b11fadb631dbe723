package dev.tidemill.cli.gateway;

import dev.tidemill.client.control.AuditRecord;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// Draws records of the audit log for a terminal. Pure.
public final class AuditTable {
    private static final String ROW = "%-23s %-16s %-20s %-9s %6s %7s %7s %9s  %s";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT);

    private AuditTable() {}

    public static List<String> lines(List<AuditRecord> records, ZoneId zone) {
        String head =
                ROW.formatted(
                        "TIME",
                        "KEY",
                        "MODEL",
                        "DECISION",
                        "STATUS",
                        "IN",
                        "OUT",
                        "MILLIS",
                        "REQUEST");
        return Stream.concat(Stream.of(head), records.stream().map(record -> row(record, zone)))
                .toList();
    }

    private static String row(AuditRecord record, ZoneId zone) {
        return ROW.formatted(
                TIME.format(record.at().atZone(zone)),
                cut(record.key(), 16),
                cut(record.model(), 20),
                record.decision(),
                record.status(),
                record.inputTokens().map(String::valueOf).orElse("-"),
                record.outputTokens().map(String::valueOf).orElse("-"),
                String.format(Locale.ROOT, "%.1f", record.millis()),
                plain(record.requestId().orElse("-")));
    }

    private static String cut(Optional<String> text, int width) {
        String shown = plain(text.orElse("-"));
        return shown.length() <= width ? shown : shown.substring(0, width - 1) + "…";
    }

    /// Clients choose some of it: a terminal must not obey them.
    private static String plain(String text) {
        return text.codePoints().anyMatch(Character::isISOControl)
                ? text.replaceAll("\\p{Cntrl}", "?")
                : text;
    }
}
