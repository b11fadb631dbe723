package dev.tidemill.client.control;

import java.util.List;

/// Body of `POST /api/v1/audit`.
public record AuditBatch(List<AuditRecord> records) {
    public AuditBatch {
        records = List.copyOf(records);
    }
}
