package dev.tidemill.gateway.canary;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Bodies;
import dev.tidemill.http.RouteSet;
import dev.tidemill.http.Routes;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Handler;
import java.util.List;

/// `GET /canaries`, and `POST /canaries/{route}/promote`, `/rollback` and `/restart` for people who
/// know better; on the admin listener.
public record CanaryRoutes(Canaries canaries) implements RouteSet {
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
            if (request.headers().contains(HeaderNames.ORIGIN)) {
                // A page that somebody at this machine looks at could send it without being asked.
                throw new TidemillException(
                        ErrorCode.FORBIDDEN, "origin: present (expected: no browser)");
            }
            Bodies.send(
                    response, canaries.order(request.path().pathParameters().get("route"), order));
        };
    }

    record Reports(List<LiveCanary.Report> canaries) {}
}
