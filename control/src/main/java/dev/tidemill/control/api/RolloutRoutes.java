package dev.tidemill.control.api;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.ResourceName;
import dev.tidemill.common.TidemillException;
import dev.tidemill.control.rollouts.RolloutStore;
import dev.tidemill.http.Bodies;
import dev.tidemill.http.RouteSet;
import dev.tidemill.http.Routes;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// `/api/v1/rollouts/GATEWAY`: a gateway writes how far its rollouts are, and asks when it begins.
public final class RolloutRoutes implements RouteSet {
    private static final String PATH = "/api/v1/rollouts/{gateway}";
    private static final long MOST_BYTES = 16 << 20;
    private static final int MOST_AT_ONCE = 1_000;
    private static final int LONGEST_ID = 200;

    private final RolloutStore store;

    public RolloutRoutes(RolloutStore store) {
        this.store = store;
    }

    @Override
    public void register(Routes routes) {
        routes.get(PATH, this::list).put(PATH, this::put);
    }

    private void list(ServerRequest request, ServerResponse response) {
        Bodies.send(response, new Rollouts(store.of(gateway(request))));
    }

    private void put(ServerRequest request, ServerResponse response) {
        String gateway = gateway(request);
        List<JsonNode> given = Bodies.read(request, MOST_BYTES, Rollouts.class).canaries();
        if (given.size() > MOST_AT_ONCE) {
            throw wrong("canaries", String.valueOf(given.size()), "at most " + MOST_AT_ONCE);
        }
        store.put(gateway, given.stream().map(RolloutRoutes::rollout).toList());
        Bodies.send(response, new Rollouts(List.of()));
    }

    private static RolloutStore.Rollout rollout(JsonNode body) {
        String id = body.path("id").asString("");
        if (id.isEmpty() || id.length() > LONGEST_ID || id.indexOf('\0') >= 0) {
            throw wrong("id", id, "1 to %d characters".formatted(LONGEST_ID));
        }
        JsonNode since = body.path("sinceMillis");
        if (!since.isIntegralNumber() || !since.canConvertToLong()) {
            throw wrong("sinceMillis", since.toString(), "milliseconds since 1970");
        }
        return new RolloutStore.Rollout(id, since.longValue(), body);
    }

    private static String gateway(ServerRequest request) {
        String name = request.path().pathParameters().get("gateway");
        if (!ResourceName.isValid(name)) {
            throw wrong("gateway", name, ResourceName.EXPECTED);
        }
        return name;
    }

    private static TidemillException wrong(String what, String value, String expected) {
        return new TidemillException(
                ErrorCode.INVALID_REQUEST,
                "%s: '%s' (expected: %s)".formatted(what, value, expected));
    }

    record Rollouts(List<JsonNode> canaries) {
        Rollouts {
            canaries = List.copyOf(canaries);
        }
    }
}
