package dev.tidemill.control.audit;

import dev.tidemill.client.control.AuditPage;
import dev.tidemill.client.control.AuditQuery;
import dev.tidemill.client.control.AuditRecord;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;

/// The table of audit records.
public final class AuditStore {
    /// Rows that one statement deletes: a longer one would hold others up.
    private static final int DELETED_AT_ONCE = 10_000;

    /// Columns that can be asked for, by their names in the API.
    private static final Map<String, String> COLUMNS =
            Map.of(
                    "key", "key",
                    "issuer", "issuer",
                    "team", "team",
                    "user", "end_user",
                    "model", "model",
                    "route", "route",
                    "decision", "decision",
                    "requestId", "request_id");

    private final Jdbi jdbi;

    public AuditStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /// Keeps all of them or none; those that are there already stay as they are.
    public void add(List<AuditRecord> records) {
        if (records.isEmpty()) {
            return;
        }
        jdbi.useTransaction(handle -> {
            PreparedBatch batch =
                    handle.prepareBatch(
                            """
                            insert into audit_record
                              (id, at, request_id, key, issuer, team, end_user, address, method, path, route, model,
                               upstream, status, decision, error, input_tokens, output_tokens, estimated,
                               cost_micros, millis, cache, guardrails, request, answer)
                            values
                              (:id, :at, :requestId, :key, :issuer, :team, :user, :address, :method, :path, :route,
                               :model, :upstream, :status, :decision, :error, :inputTokens, :outputTokens,
                               :estimated, :costMicros, :millis, :cache,
                               string_to_array(:guardrails, chr(10)), :request, :answer)
                            on conflict (id) do nothing
                            """);
            for (AuditRecord record : records) {
                bind(batch, record);
                batch.add();
            }
            batch.execute();
        });
    }

    private static void bind(PreparedBatch batch, AuditRecord record) {
        batch.bind("id", record.id())
                .bind("at", record.at().atOffset(ZoneOffset.UTC))
                .bind("requestId", record.requestId().orElse(null))
                .bind("key", record.key().orElse(null))
                .bind("issuer", record.issuer().orElse(null))
                .bind("team", record.team().orElse(null))
                .bind("user", record.user().orElse(null))
                .bind("address", record.address().orElse(null))
                .bind("method", record.method().orElse(null))
                .bind("path", record.path().orElse(null))
                .bind("route", record.route().orElse(null))
                .bind("model", record.model().orElse(null))
                .bind("upstream", record.upstream().orElse(null))
                .bind("status", record.status())
                .bind("decision", record.decision())
                .bind("error", record.error().orElse(null))
                .bind("inputTokens", record.inputTokens().orElse(null))
                .bind("outputTokens", record.outputTokens().orElse(null))
                .bind("estimated", record.estimated())
                .bind("costMicros", record.costMicros().orElse(null))
                .bind("millis", record.millis())
                .bind("cache", record.cache().orElse(null))
                .bind(
                        "guardrails",
                        record.guardrails().map(found -> String.join("\n", found)).orElse(null))
                .bind("request", record.request().orElse(null))
                .bind("answer", record.answer().orElse(null));
    }

    /// A page of what is asked for, the newest first.
    ///
    /// @param after the last of the page before
    public AuditPage page(AuditQuery asked, Optional<Cursor> after) {
        List<String> conditions = new ArrayList<>(List.of("true"));
        asked.equal().keySet().forEach(name -> conditions.add(COLUMNS.get(name) + " = :" + name));
        asked.since().ifPresent(_ -> conditions.add("at >= :since"));
        asked.until().ifPresent(_ -> conditions.add("at < :until"));
        after.ifPresent(_ -> conditions.add("(at, id) < (:afterAt, :afterId)"));
        String sql =
                "select * from audit_record where %s order by at desc, id desc limit :limit"
                        .formatted(String.join(" and ", conditions));
        List<AuditRecord> found =
                jdbi.withHandle(handle -> {
                    // One more than asked for tells whether there is another page.
                    Query query = handle.createQuery(sql).bind("limit", asked.limit() + 1);
                    asked.equal().forEach(query::bind);
                    asked.since().ifPresent(time -> query.bind("since", at(time)));
                    asked.until().ifPresent(time -> query.bind("until", at(time)));
                    after.ifPresent(last ->
                            query.bind("afterAt", at(last.at())).bind("afterId", last.id()));
                    return query.map((rs, _) -> AuditRows.record(rs)).list();
                });
        if (found.size() <= asked.limit()) {
            return new AuditPage(found, Optional.empty());
        }
        List<AuditRecord> page = found.subList(0, asked.limit());
        return new AuditPage(page, Optional.of(Cursor.of(page.getLast()).text()));
    }

    /// Deletes what is older than that, and the oldest beyond that many, or beyond that many bytes
    /// if all were as long as the newest thousand.
    ///
    /// @return how many were deleted
    public int trim(Instant oldest, long most, long mostBytes) {
        int all = 0;
        int now;
        do {
            now = delete("at < :oldest", "oldest", at(oldest));
            all += now;
        } while (now == DELETED_AT_ONCE);
        long excess = count() - Math.min(most, fitting(mostBytes));
        while (excess > 0) {
            now = delete("true", "oldest", at(oldest), Math.min(excess, DELETED_AT_ONCE));
            if (now == 0) {
                break;
            }
            all += now;
            excess -= now;
        }
        return all;
    }

    /// How many records are about that long together.
    private long fitting(long bytes) {
        double each =
                jdbi.withHandle(handle ->
                        handle.createQuery(
                                        """
                                        select coalesce(avg(pg_column_size(newest)), 1) from
                                          (select * from audit_record order by at desc, id desc limit 1000) newest
                                        """)
                                .mapTo(Double.class)
                                .one());
        return (long) (bytes / Math.max(1, each));
    }

    public long count() {
        return jdbi.withHandle(handle ->
                handle.createQuery("select count(*) from audit_record").mapTo(Long.class).one());
    }

    private int delete(String condition, String name, Object value) {
        return delete(condition, name, value, DELETED_AT_ONCE);
    }

    private int delete(String condition, String name, Object value, long most) {
        return jdbi.withHandle(handle ->
                handle.createUpdate(
                                """
                                delete from audit_record where id in
                                  (select id from audit_record where %s order by at, id limit :most)
                                """
                                        .formatted(condition))
                        .bind(name, value)
                        .bind("most", most)
                        .execute());
    }

    private static Object at(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }
}
