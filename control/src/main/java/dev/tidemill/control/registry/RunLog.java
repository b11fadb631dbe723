package dev.tidemill.control.registry;

import dev.tidemill.client.control.TrainingRun;
import dev.tidemill.client.control.TrainingRun.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// Training runs, finished and running.
public final class RunLog {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final TypeReference<Map<String, Double>> METRICS = new TypeReference<>() {};

    private final Jdbi jdbi;

    public RunLog(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /// Writes a run, or what became of it.
    public void put(TrainingRun run) {
        jdbi.useHandle(handle ->
                handle.createUpdate(
                                """
                                insert into training_run
                                  (id, training, state, input_digest, message, started, ended, metrics, model, version)
                                values
                                  (:id, :training, :state, :input, :message, :started, :ended, cast(:metrics as jsonb), :model, :version)
                                on conflict (id) do update set
                                  state = excluded.state, message = excluded.message, ended = excluded.ended,
                                  metrics = excluded.metrics, version = excluded.version
                                """)
                        .bind("id", run.id())
                        .bind("training", run.training())
                        .bind("state", run.state().name())
                        .bind("input", run.inputDigest())
                        .bind("message", run.message())
                        .bind("started", run.started().atOffset(ZoneOffset.UTC))
                        .bind("ended", run.ended().atOffset(ZoneOffset.UTC))
                        .bind("metrics", JSON.writeValueAsString(run.metrics()))
                        .bind("model", run.model())
                        .bind("version", run.version())
                        .execute());
    }

    public Optional<TrainingRun> find(String id) {
        return jdbi.withHandle(handle ->
                handle.createQuery("select * from training_run where id = :id")
                        .bind("id", id)
                        .map((rs, _) -> run(rs))
                        .findOne());
    }

    /// The newest first.
    public List<TrainingRun> all() {
        return jdbi.withHandle(handle ->
                handle.createQuery("select * from training_run order by started desc limit 1000")
                        .map((rs, _) -> run(rs))
                        .list());
    }

    /// The newest run with this input that succeeded.
    public Optional<TrainingRun> succeeded(String inputDigest) {
        return jdbi.withHandle(handle ->
                handle.createQuery(
                                "select * from training_run where input_digest = :input and state = 'SUCCEEDED'"
                                        + " order by started desc limit 1")
                        .bind("input", inputDigest)
                        .map((rs, _) -> run(rs))
                        .findOne());
    }

    /// Ends what an earlier process left running. Called once, at start.
    ///
    /// @return how many there were
    public int failInterrupted() {
        return jdbi.withHandle(handle ->
                handle.createUpdate(
                                "update training_run set state = 'FAILED', message = 'control was restarted while it ran'"
                                        + " where state = 'RUNNING'")
                        .execute());
    }

    private static TrainingRun run(ResultSet rs) throws SQLException {
        return new TrainingRun(
                rs.getString("id"),
                rs.getString("training"),
                State.valueOf(rs.getString("state")),
                rs.getString("input_digest"),
                false,
                rs.getString("message"),
                rs.getObject("started", OffsetDateTime.class).toInstant(),
                rs.getObject("ended", OffsetDateTime.class).toInstant(),
                JSON.readValue(rs.getString("metrics"), METRICS),
                rs.getString("model"),
                rs.getInt("version"));
    }
}
