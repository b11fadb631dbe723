package dev.tidemill.client.control;

import java.util.List;
import java.util.Optional;

/// Answer of `GET /api/v1/audit`, the newest first.
///
/// @param next the cursor of the page after this one; empty when this is the last
public record AuditPage(List<AuditRecord> records, Optional<String> next) {
    public AuditPage {
        records = List.copyOf(records);
    }
}
