package dev.tidemill.http;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Collects a listener's routes. A template is a path with parameters, such as
/// `/v2/models/{model}/infer`, or one that ends in `/*`. Templates are tried in the order they
/// came; those asked for most should come first. A known path asked for with another method is
/// answered by 405 and the `Allow` header.
public final class Routes {
    private final HttpRouting.Builder routing;
    private final Map<String, Set<String>> methods = new LinkedHashMap<>();

    Routes(HttpRouting.Builder routing) {
        this.routing = routing;
    }

    public Routes get(String template, Handler handler) {
        return on(Method.GET, template, handler);
    }

    public Routes post(String template, Handler handler) {
        return on(Method.POST, template, handler);
    }

    public Routes put(String template, Handler handler) {
        return on(Method.PUT, template, handler);
    }

    public Routes delete(String template, Handler handler) {
        return on(Method.DELETE, template, handler);
    }

    public Routes on(Method method, String template, Handler handler) {
        routing.route(method, template, endingWith(handler));
        methods.computeIfAbsent(template, _ -> new TreeSet<>()).add(method.text());
        return this;
    }

    /// Every method; the handler decides.
    public Routes any(String template, Handler handler) {
        routing.any(template, endingWith(handler));
        return this;
    }

    public Routes add(RouteSet set) {
        set.register(this);
        return this;
    }

    /// Answers the methods that no route took. Called once, after the last route.
    void finish() {
        methods.forEach((template, allowed) -> {
            String allow = String.join(", ", allowed);
            routing.any(
                    template,
                    (request, response) -> {
                        response.header(HeaderNames.ALLOW, allow);
                        throw new TidemillException(
                                ErrorCode.METHOD_NOT_ALLOWED,
                                "method: '%s' (expected: %s)"
                                        .formatted(request.prologue().method().text(), allow));
                    });
        });
    }

    /// The server interrupts what still runs when it stops: the client sees the connection end, and
    /// nobody is told of a defect.
    private static Handler endingWith(Handler handler) {
        return (request, response) -> {
            try {
                handler.handle(request, response);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CloseConnectionException("the server stops", e);
            }
        };
    }
}
