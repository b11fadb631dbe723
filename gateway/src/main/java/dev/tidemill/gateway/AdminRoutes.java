package dev.tidemill.gateway;

import dev.tidemill.gateway.canary.CanaryRoutes;
import dev.tidemill.gateway.table.LiveTable;
import dev.tidemill.gateway.table.ServedModel;
import dev.tidemill.gateway.traffic.TrafficLedger;
import dev.tidemill.http.Bodies;
import dev.tidemill.http.Metrics;
import dev.tidemill.http.RouteSet;
import dev.tidemill.http.Routes;
import java.util.LinkedHashMap;
import java.util.Map;

/// The admin listener: `/metrics` for people and Prometheus, `/signals` for scaling, `/canaries`
/// for rollouts.
record AdminRoutes(Metrics metrics, TrafficLedger ledger, LiveTable live, CanaryRoutes canaries)
        implements RouteSet {
    @Override
    public void register(Routes routes) {
        routes.get("/signals", (_, response) -> Bodies.send(response, ledger.signals(pools())))
                .add(metrics)
                .add(canaries);
    }

    private Map<String, String> pools() {
        Map<String, String> pools = new LinkedHashMap<>();
        for (ServedModel model : live.current().models()) {
            pools.put(model.name(), model.pool());
        }
        return pools;
    }
}
