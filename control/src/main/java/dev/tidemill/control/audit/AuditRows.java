package dev.tidemill.control.audit;

import dev.tidemill.client.control.AuditRecord;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/// Reads records out of the table.
final class AuditRows {
    private AuditRows() {}

    static AuditRecord record(ResultSet rs) throws SQLException {
        return new AuditRecord(
                rs.getString("id"),
                rs.getObject("at", OffsetDateTime.class).toInstant(),
                text(rs, "request_id"),
                text(rs, "key"),
                text(rs, "issuer"),
                text(rs, "team"),
                text(rs, "end_user"),
                text(rs, "address"),
                text(rs, "method"),
                text(rs, "path"),
                text(rs, "route"),
                text(rs, "model"),
                text(rs, "upstream"),
                rs.getInt("status"),
                rs.getString("decision"),
                text(rs, "error"),
                number(rs, "input_tokens"),
                number(rs, "output_tokens"),
                rs.getBoolean("estimated"),
                number(rs, "cost_micros"),
                rs.getDouble("millis"),
                text(rs, "cache"),
                texts(rs, "guardrails"),
                text(rs, "request"),
                text(rs, "answer"));
    }

    private static Optional<String> text(ResultSet rs, String column) throws SQLException {
        return Optional.ofNullable(rs.getString(column));
    }

    private static Optional<Long> number(ResultSet rs, String column) throws SQLException {
        return Optional.ofNullable(rs.getObject(column, Long.class));
    }

    private static Optional<List<String>> texts(ResultSet rs, String column) throws SQLException {
        Array array = rs.getArray(column);
        return array == null ? Optional.empty() : Optional.of(List.of((String[]) array.getArray()));
    }
}
