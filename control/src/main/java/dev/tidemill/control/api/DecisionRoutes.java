package dev.tidemill.control.api;

import dev.tidemill.client.control.DecisionList;
import dev.tidemill.client.control.ScalingDecision;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.ResourceName;
import dev.tidemill.common.TidemillException;
import dev.tidemill.control.decisions.DecisionStore;
import dev.tidemill.http.Bodies;
import dev.tidemill.http.RouteSet;
import dev.tidemill.http.Routes;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;

/// `/api/v1/decisions`: whoever scales writes them, whoever asks why reads them.
public final class DecisionRoutes implements RouteSet {
    private static final long MOST_BYTES = 4 << 20;
    private static final int MOST_AT_ONCE = 1_000;
    private static final int USUAL = 50;

    private final DecisionStore store;

    public DecisionRoutes(DecisionStore store) {
        this.store = store;
    }

    @Override
    public void register(Routes routes) {
        routes.get("/api/v1/decisions", this::list).post("/api/v1/decisions", this::add);
    }

    private void add(ServerRequest request, ServerResponse response) {
        DecisionList list = Bodies.read(request, MOST_BYTES, DecisionList.class);
        if (list.decisions().size() > MOST_AT_ONCE) {
            throw wrong("decisions", String.valueOf(list.decisions().size()), "at most 1000");
        }
        for (ScalingDecision decision : list.decisions()) {
            if (!ResourceName.isValid(decision.target())) {
                throw wrong("target", decision.target(), ResourceName.EXPECTED);
            }
        }
        store.add(list.decisions());
        Bodies.send(response, new DecisionList(List.of()));
    }

    private void list(ServerRequest request, ServerResponse response) {
        String target = request.query().first("target").orElse("");
        if (!ResourceName.isValid(target)) {
            throw wrong("target", target, ResourceName.EXPECTED);
        }
        Instant since = since(request.query().first("since").orElse(""));
        int limit = limit(request.query().first("limit").orElse(""));
        Bodies.send(response, new DecisionList(store.newest(target, since, limit)));
    }

    private static Instant since(String text) {
        try {
            return text.isEmpty() ? Instant.EPOCH : Instant.parse(text);
        } catch (DateTimeParseException _) {
            throw wrong("since", text, "a time such as 2026-11-21T09:00:00Z");
        }
    }

    private static int limit(String text) {
        if (text.isEmpty()) {
            return USUAL;
        }
        int limit = text.matches("\\d{1,5}") ? Integer.parseInt(text) : 0;
        if (limit < 1 || limit > MOST_AT_ONCE) {
            throw wrong("limit", text, "a whole number from 1 to 1000");
        }
        return limit;
    }

    private static TidemillException wrong(String what, String value, String expected) {
        return new TidemillException(
                ErrorCode.INVALID_REQUEST,
                "%s: '%s' (expected: %s)".formatted(what, value, expected));
    }
}
