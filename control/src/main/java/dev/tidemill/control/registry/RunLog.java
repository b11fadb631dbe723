package dev.tidemill.control.registry;

import dev.tidemill.client.control.TrainingRun;
import dev.tidemill.client.control.TrainingRun.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
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

    /// Writes a run that begins, unless one with the same input is under way.
    ///
    /// @return the one under way, if there is one; it may just have ended
    public Optional<TrainingRun> begin(TrainingRun run) {
        return jdbi.inTransaction(
                handle -> insert(handle, run) == 1 ? Optional.empty() : rival(handle, run));
    }

    private static Optional<TrainingRun> rival(Handle handle, TrainingRun run) {
        return handle.createQuery(
                        "select * from training_run where input_digest = :input"
                                + " order by started desc limit 1")
                .bind("input", run.inputDigest())
                .map((rs, _) -> run(rs))
                .findOne();
    }

    /// Writes a run that had nothing to do: its version is there already.
    public void repeated(TrainingRun run) {
        jdbi.useHandle(handle -> insert(handle, run));
    }

    /// Writes how a run ended.
    ///
    /// @param report what its folds measured, as a JSON document
    public void end(TrainingRun run, String report) {
        jdbi.useHandle(handle -> end(handle, run, report));
    }

    static void end(Handle handle, TrainingRun run, String report) {
        handle.createUpdate(
                        """
                        update training_run set
                          state = :state, message = :message, ended = :ended,
                          metrics = cast(:metrics as jsonb), version = :version,
                          report = cast(:report as jsonb)
                        where id = :id
                        """)
                .bind("id", run.id())
                .bind("state", run.state().name())
                .bind("message", run.message())
                .bind("ended", run.ended().atOffset(ZoneOffset.UTC))
                .bind("metrics", JSON.writeValueAsString(run.metrics()))
                .bind("version", run.version())
                .bind("report", report)
                .execute();
    }

    /// @return how many rows were written
    private static int insert(Handle handle, TrainingRun run) {
        return handle.createUpdate(
                        """
                        insert into training_run
                          (id, training, state, input_digest, message, started, ended, metrics, model, version)
                        values
                          (:id, :training, :state, :input, :message, :started, :ended,
                           cast(:metrics as jsonb), :model, :version)
                        on conflict (input_digest) where state = 'RUNNING' do nothing
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
                .execute();
    }

    /// What the folds of a run measured, class by class: a JSON document.
    public Optional<String> report(String id) {
        return jdbi.withHandle(handle ->
                handle.createQuery("select report::text from training_run where id = :id")
                        .bind("id", id)
                        .mapTo(String.class)
                        .findOne());
    }

    public Optional<TrainingRun> find(String id) {
        return jdbi.withHandle(handle -> find(handle, id));
    }

    private static Optional<TrainingRun> find(Handle handle, String id) {
        return handle.createQuery("select * from training_run where id = :id")
                .bind("id", id)
                .map((rs, _) -> run(rs))
                .findOne();
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

    /// The newest run of a training that succeeded, whatever its input was.
    public Optional<TrainingRun> newest(String training) {
        return jdbi.withHandle(handle ->
                handle.createQuery(
                                "select * from training_run where training = :training and"
                                        + " state = 'SUCCEEDED' order by started desc limit 1")
                        .bind("training", training)
                        .map((rs, _) -> run(rs))
                        .findOne());
    }

    /// Ends what an earlier process left running. Called once, at start.
    ///
    /// @return how many there were
    public int failInterrupted(Instant now) {
        return jdbi.withHandle(handle ->
                handle.createUpdate(
                                "update training_run set state = 'FAILED', ended = :now,"
                                        + " message = 'control was restarted while it ran'"
                                        + " where state = 'RUNNING'")
                        .bind("now", now.atOffset(ZoneOffset.UTC))
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
