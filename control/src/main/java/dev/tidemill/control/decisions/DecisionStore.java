package dev.tidemill.control.decisions;

import dev.tidemill.client.control.ScalingDecision;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import tools.jackson.databind.json.JsonMapper;

/// Decisions in PostgreSQL. Bounded: of each target the newest are kept. New is what came last,
/// whatever the clock said then: a clock that was set back must not make old ones the newest.
public final class DecisionStore {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Jdbi jdbi;
    private final int kept;

    /// @param kept of each target
    public DecisionStore(Jdbi jdbi, int kept) {
        this.jdbi = jdbi;
        this.kept = kept;
    }

    public void add(List<ScalingDecision> decisions) {
        if (decisions.isEmpty()) {
            return;
        }
        jdbi.useTransaction(handle -> {
            PreparedBatch batch =
                    handle.prepareBatch(
                            "insert into scaling_decision (target, at, body)"
                                    + " values (:target, :at, cast(:body as jsonb))");
            for (ScalingDecision decision : decisions) {
                batch.bind("target", decision.target())
                        .bind("at", decision.at().atOffset(ZoneOffset.UTC))
                        .bind("body", JSON.writeValueAsString(decision))
                        .add();
            }
            batch.execute();
            Set<String> targets =
                    decisions.stream().map(ScalingDecision::target).collect(Collectors.toSet());
            targets.forEach(target -> forgetOldest(handle, target));
        });
    }

    private void forgetOldest(Handle handle, String target) {
        handle.createUpdate(
                        """
                        delete from scaling_decision where id in (
                          select id from scaling_decision where target = :target
                          order by id desc offset :kept)
                        """)
                .bind("target", target)
                .bind("kept", kept)
                .execute();
    }

    /// The newest of a target since a moment, the oldest first.
    ///
    /// @param most how many at most
    public List<ScalingDecision> newest(String target, Instant since, int most) {
        List<ScalingDecision> newestFirst =
                jdbi.withHandle(handle ->
                        handle.createQuery(
                                        """
                                        select body::text from scaling_decision
                                        where target = :target and at >= :since
                                        order by id desc limit :most
                                        """)
                                .bind("target", target)
                                .bind("since", since.atOffset(ZoneOffset.UTC))
                                .bind("most", most)
                                .map((rs, _) ->
                                        JSON.readValue(rs.getString(1), ScalingDecision.class))
                                .list());
        return newestFirst.reversed();
    }
}
