package dev.tidemill.control.audit;

import dev.tidemill.client.control.AuditRecord;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.time.DateTimeException;
import java.time.Instant;

/// The last record of a page: what comes after it is older.
public record Cursor(Instant at, String id) {
    static Cursor of(AuditRecord last) {
        return new Cursor(last.at(), last.id());
    }

    String text() {
        return at + "~" + id;
    }

    /// @throws TidemillException `INVALID_REQUEST`
    public static Cursor parse(String text) {
        int end = text.indexOf('~');
        try {
            if (end > 0 && end < text.length() - 1) {
                return new Cursor(Instant.parse(text.substring(0, end)), text.substring(end + 1));
            }
        } catch (DateTimeException _) {
            // Refused below.
        }
        throw new TidemillException(
                ErrorCode.INVALID_REQUEST,
                "cursor: '%s' (expected: 'next' of the page before)".formatted(text));
    }
}
