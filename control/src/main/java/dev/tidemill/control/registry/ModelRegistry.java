package dev.tidemill.control.registry;

import dev.tidemill.client.control.ModelVersion;
import dev.tidemill.client.control.RegisteredModel;
import dev.tidemill.client.control.TrainingRun;
import dev.tidemill.common.Digest;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.ResourceName;
import dev.tidemill.common.TidemillException;
import dev.tidemill.stores.spi.ArtifactStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// Registered models with their versions and aliases.
public final class ModelRegistry {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final TypeReference<Map<String, Double>> METRICS = new TypeReference<>() {};

    private final Jdbi jdbi;
    private final ArtifactStore artifacts;
    private final InstantSource clock;

    public ModelRegistry(Jdbi jdbi, ArtifactStore artifacts, InstantSource clock) {
        this.jdbi = jdbi;
        this.artifacts = artifacts;
        this.clock = clock;
    }

    /// A version and whether this call made it.
    public record Registration(ModelVersion version, boolean made) {}

    /// Gives the next number to a version that comes from a file. Two calls at once get two
    /// numbers. A version with the digest of the newest one is that one.
    public Registration register(NewVersion fresh) {
        return jdbi.inTransaction(handle -> {
            lock(handle, fresh);
            return newest(handle, fresh.model().value())
                    .filter(v -> v.digest().equals(fresh.digest().value()))
                    .map(same -> new Registration(same, false))
                    .orElseGet(() -> new Registration(insert(handle, fresh), true));
        });
    }

    /// Gives the next number to a version that a training made, moves the alias to it, and writes
    /// how the run ended: all of it or nothing.
    ///
    /// @param ended makes the run's end from its version
    public ModelVersion register(
            NewVersion fresh,
            Optional<String> alias,
            Function<ModelVersion, TrainingRun> ended,
            String report) {
        return jdbi.inTransaction(handle -> {
            lock(handle, fresh);
            ModelVersion version = insert(handle, fresh);
            alias.ifPresent(name -> pointAt(handle, version, name));
            RunLog.end(handle, ended.apply(version), report);
            return version;
        });
    }

    /// Points an alias at a version, now and for every later question.
    public void setAlias(String model, String alias, int number) {
        if (!ResourceName.isValid(alias) || alias.equals("latest") || alias.matches("\\d+")) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "alias: '%s' (expected: %s, neither a number nor 'latest')"
                            .formatted(alias, ResourceName.EXPECTED));
        }
        ModelVersion version = version(model, number);
        jdbi.useHandle(handle -> pointAt(handle, version, alias));
    }

    public boolean hasAlias(String model, String alias) {
        return target(model, alias).isPresent();
    }

    public List<RegisteredModel> models() {
        return jdbi.inTransaction(handle -> {
            Map<String, List<ModelVersion>> versions = new HashMap<>();
            handle.createQuery("select * from model_version order by name, version desc")
                    .map((rs, _) -> version(rs))
                    .forEach(
                            v -> versions.computeIfAbsent(v.name(), _ -> new ArrayList<>()).add(v));
            Map<String, Map<String, Integer>> aliases = new HashMap<>();
            handle.createQuery("select * from model_alias")
                    .map((rs, _) -> {
                        aliases.computeIfAbsent(rs.getString("name"), _ -> new HashMap<>())
                                .put(rs.getString("alias"), rs.getInt("version"));
                        return true;
                    })
                    .list();
            return handle.createQuery("select * from registered_model order by name")
                    .map((rs, _) -> {
                        String name = rs.getString("name");
                        return new RegisteredModel(
                                name,
                                rs.getString("description"),
                                instant(rs, "created"),
                                aliases.getOrDefault(name, Map.of()),
                                versions.getOrDefault(name, List.of()));
                    })
                    .list();
        });
    }

    public RegisteredModel model(String name) {
        return models().stream()
                .filter(model -> model.name().equals(name))
                .findFirst()
                .orElseThrow(() -> missing("model", name, "a registered model"));
    }

    /// @param selector a number, `latest`, or `@ALIAS`
    /// @throws TidemillException `MODEL_NOT_FOUND`
    public ModelVersion version(String model, String selector) {
        if (selector.startsWith("@")) {
            return version(model, aliased(model, selector.substring(1)));
        }
        if (selector.equals("latest")) {
            return jdbi.withHandle(handle -> newest(handle, model))
                    .orElseThrow(() -> missing("model", model, "a registered model"));
        }
        if (!selector.matches("[1-9]\\d{0,8}")) {
            throw missing("version", selector, "a number, latest, or @ALIAS");
        }
        return version(model, Integer.parseInt(selector));
    }

    private ModelVersion version(String model, int number) {
        return jdbi.withHandle(handle -> find(handle, model, number))
                .orElseThrow(() ->
                        missing("model version", model + ":" + number, "a registered version"));
    }

    private int aliased(String model, String alias) {
        return target(model, alias)
                .orElseThrow(
                        () -> missing("model alias", model + "@" + alias, "a registered alias"));
    }

    private Optional<Integer> target(String model, String alias) {
        return jdbi.withHandle(handle ->
                handle.createQuery(
                                "select version from model_alias where name = :name and"
                                        + " alias = :alias")
                        .bind("name", model)
                        .bind("alias", alias)
                        .mapTo(Integer.class)
                        .findOne());
    }

    /// Makes the model if it is new, and keeps others from numbering its versions until the
    /// transaction ends.
    private void lock(Handle handle, NewVersion fresh) {
        handle.createUpdate(
                        "insert into registered_model (name, description, created)"
                                + " values (:name, :description, :now) on conflict do nothing")
                .bind("name", fresh.model().value())
                .bind("description", fresh.description())
                .bind("now", now())
                .execute();
        handle.createQuery("select 1 from registered_model where name = :name for update")
                .bind("name", fresh.model().value())
                .mapTo(Integer.class)
                .one();
    }

    private static void pointAt(Handle handle, ModelVersion version, String alias) {
        handle.createUpdate(
                        "insert into model_alias (name, alias, version) values (:name, :alias,"
                                + " :version) on conflict (name, alias) do update set version ="
                                + " excluded.version")
                .bind("name", version.name())
                .bind("alias", alias)
                .bind("version", version.version())
                .execute();
    }

    private Optional<ModelVersion> newest(Handle handle, String name) {
        return handle.createQuery(
                        "select * from model_version where name = :name order by version desc limit 1")
                .bind("name", name)
                .map((rs, _) -> version(rs))
                .findOne();
    }

    private Optional<ModelVersion> find(Handle handle, String name, int number) {
        return handle.createQuery(
                        "select * from model_version where name = :name and version = :version")
                .bind("name", name)
                .bind("version", number)
                .map((rs, _) -> version(rs))
                .findOne();
    }

    /// Called with the model's row locked.
    private ModelVersion insert(Handle handle, NewVersion fresh) {
        String name = fresh.model().value();
        int number = newest(handle, name).map(ModelVersion::version).orElse(0) + 1;
        handle.createUpdate(
                        """
                        insert into model_version
                          (name, version, digest, manifest, created, description, metrics, training_run, data_digest)
                        values
                          (:name, :version, :digest, cast(:manifest as jsonb), :now, :description,
                           cast(:metrics as jsonb), :run, :data)
                        """)
                .bind("name", name)
                .bind("version", number)
                .bind("digest", fresh.digest().value())
                .bind("manifest", JSON.writeValueAsString(fresh.manifest()))
                .bind("now", now())
                .bind("description", fresh.description())
                .bind("metrics", JSON.writeValueAsString(fresh.metrics()))
                .bind("run", fresh.trainingRun())
                .bind("data", fresh.dataDigest())
                .execute();
        return find(handle, name, number).orElseThrow();
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }

    private ModelVersion version(ResultSet rs) throws SQLException {
        Digest digest = new Digest(rs.getString("digest"));
        return new ModelVersion(
                rs.getString("name"),
                rs.getInt("version"),
                digest.value(),
                instant(rs, "created"),
                rs.getString("description"),
                JSON.readValue(rs.getString("metrics"), METRICS),
                rs.getString("training_run"),
                rs.getString("data_digest"),
                artifacts.locate(digest).toString());
    }

    private static Instant instant(ResultSet rs, String column) throws SQLException {
        return rs.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static TidemillException missing(String what, String value, String expected) {
        return new TidemillException(
                ErrorCode.MODEL_NOT_FOUND,
                "%s: '%s' (expected: %s)".formatted(what, value, expected));
    }
}
