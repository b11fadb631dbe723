package dev.tidemill.gateway.openai;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.access.Caller;
import dev.tidemill.gateway.table.ReplicaTable;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What OpenAI's `GET /v1/models` says: the models that the client may use.
///
/// @param created seconds since 1970, for all of them
public record ModelList(long created) {
    private static final String PREFIX = "/v1/models/";
    private static final String OWNER = "tidemill";

    /// The model's name, which may have slashes.
    public static String nameIn(String path) {
        String raw = path.substring(PREFIX.length());
        try {
            return raw.indexOf('%') < 0
                    ? raw
                    : URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return raw;
        }
    }

    public Models all(ReplicaTable table, Caller caller) {
        return new Models(
                "list",
                table.clientModels().stream()
                        .filter(caller::mayUseModel)
                        .map(this::model)
                        .toList());
    }

    /// @throws TidemillException `MODEL_NOT_FOUND`, also for one that the client may not use
    public Model one(ReplicaTable table, Caller caller, String name) {
        if (!table.clientModels().contains(name) || !caller.mayUseModel(name)) {
            throw new TidemillException(
                    ErrorCode.MODEL_NOT_FOUND,
                    "model: '%s' (expected: one that GET /v1/models lists)".formatted(name));
        }
        return model(name);
    }

    private Model model(String name) {
        return new Model(name, "model", created, OWNER);
    }

    /// The list as it is written.
    public record Models(String object, List<Model> data) {
        public Models {
            data = List.copyOf(data);
        }
    }

    /// One model as it is written.
    public record Model(
            String id, String object, long created, @JsonProperty("owned_by") String ownedBy) {}
}
