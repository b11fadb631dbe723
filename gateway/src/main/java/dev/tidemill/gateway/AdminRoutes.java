package dev.tidemill.gateway;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.canary.CanaryRoutes;
import dev.tidemill.gateway.table.LiveTable;
import dev.tidemill.gateway.table.ReplicaTable;
import dev.tidemill.gateway.table.ServedModel;
import dev.tidemill.gateway.traffic.RequestTape;
import dev.tidemill.gateway.traffic.TrafficLedger;
import dev.tidemill.http.Bodies;
import dev.tidemill.http.Metrics;
import dev.tidemill.http.RouteSet;
import dev.tidemill.http.Routes;
import io.helidon.webserver.http.ServerRequest;
import java.util.LinkedHashMap;
import java.util.Map;

/// The admin listener: `/metrics` for people and Prometheus, `/signals` for scaling, `/requests`
/// for a recording, `/canaries` for rollouts.
record AdminRoutes(
        Metrics metrics,
        TrafficLedger ledger,
        RequestTape tape,
        LiveTable live,
        CanaryRoutes canaries)
        implements RouteSet {
    @Override
    public void register(Routes routes) {
        routes.get("/signals", (_, response) -> Bodies.send(response, ledger.signals(pools())))
                .get("/requests", (request, response) -> Bodies.send(response, piece(request)))
                .add(metrics)
                .add(canaries);
    }

    private RequestTape.Piece piece(ServerRequest request) {
        return tape.read(number(request, "tape"), number(request, "after"));
    }

    private static long number(ServerRequest request, String name) {
        String text = request.query().first(name).orElse("0");
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "%s: '%s' (expected: a whole number)".formatted(name, text),
                    e);
        }
    }

    private Map<String, String> pools() {
        Map<String, String> pools = new LinkedHashMap<>();
        ReplicaTable table = live.current();
        for (ServedModel model : table.models()) {
            pools.put(model.name(), model.pool());
        }
        for (ServedModel app : table.apps()) {
            pools.put(app.name(), app.pool());
        }
        return pools;
    }
}
