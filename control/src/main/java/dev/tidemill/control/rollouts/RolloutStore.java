package dev.tidemill.control.rollouts;

import java.util.List;
import org.jdbi.v3.core.Jdbi;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Rollouts in PostgreSQL, as gateways write them: what is in them is theirs. Those that nobody
/// wrote for half a year are forgotten.
public final class RolloutStore {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Jdbi jdbi;

    public RolloutStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /// A rollout.
    ///
    /// @param id what makes it the same one
    /// @param sinceMillis when its step began: of two the later one counts
    /// @param body all of it
    public record Rollout(String id, long sinceMillis, JsonNode body) {}

    public void put(String gateway, List<Rollout> rollouts) {
        jdbi.useTransaction(handle -> {
            handle.execute("delete from rollout where written < now() - interval '180 days'");
            for (Rollout rollout : rollouts) {
                handle.createUpdate(
                                """
                                insert into rollout (gateway, id, since, body)
                                values (:gateway, :id, :since, cast(:body as jsonb))
                                on conflict (gateway, id) do update
                                set since = excluded.since, body = excluded.body, written = now()
                                where rollout.since <= excluded.since
                                """)
                        .bind("gateway", gateway)
                        .bind("id", rollout.id())
                        .bind("since", rollout.sinceMillis())
                        .bind("body", JSON.writeValueAsString(rollout.body()))
                        .execute();
            }
        });
    }

    /// The bodies of a gateway's rollouts.
    public List<JsonNode> of(String gateway) {
        return jdbi.withHandle(handle ->
                handle.createQuery(
                                "select body::text from rollout where gateway = :gateway order by id")
                        .bind("gateway", gateway)
                        .map((rs, _) -> JSON.readTree(rs.getString(1)))
                        .list());
    }
}
