package dev.tidemill.gateway.canary;

import dev.tidemill.http.Bodies;
import dev.tidemill.http.RouteSet;
import dev.tidemill.http.Routes;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.function.BiConsumer;

/// `GET /canaries`, and `POST /canaries/{route}/promote`, `/rollback` and `/restart` for people who
/// know better; on the admin listener.
///
/// @param gate throws for those who may give no orders
public record CanaryRoutes(Canaries canaries, BiConsumer<ServerRequest, ServerResponse> gate)
        implements RouteSet {
    @Override
    public void register(Routes routes) {
        routes.get(
                        "/canaries",
                        (_, response) -> Bodies.send(response, new Reports(canaries.reports())))
                .post("/canaries/{route}/promote", ordering(LiveCanary.Order.PROMOTE))
                .post("/canaries/{route}/rollback", ordering(LiveCanary.Order.ROLLBACK))
                .post("/canaries/{route}/restart", ordering(LiveCanary.Order.RESTART));
    }

    private Handler ordering(LiveCanary.Order order) {
        return (request, response) -> {
            gate.accept(request, response);
            Bodies.send(
                    response, canaries.order(request.path().pathParameters().get("route"), order));
        };
    }

    record Reports(List<LiveCanary.Report> canaries) {}
}
