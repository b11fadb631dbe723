package dev.tidemill.routing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a request must have so that a route takes it.
public sealed interface RouteCondition {
    boolean holds(RequestTraits request);

    /// @param value any when null
    record Header(String name, @Nullable String value) implements RouteCondition {
        @Override
        public boolean holds(RequestTraits request) {
            return is(request.header(name), value);
        }
    }

    /// @param value any when null
    record Cookie(String name, @Nullable String value) implements RouteCondition {
        @Override
        public boolean holds(RequestTraits request) {
            return is(request.cookie(name), value);
        }
    }

    /// Those requests whose share is below.
    record Share(double below) implements RouteCondition {
        @Override
        public boolean holds(RequestTraits request) {
            return request.share() < below;
        }
    }

    static boolean all(List<RouteCondition> conditions, RequestTraits request) {
        for (int i = 0; i < conditions.size(); i++) {
            if (!conditions.get(i).holds(request)) {
                return false;
            }
        }
        return true;
    }

    private static boolean is(@Nullable String actual, @Nullable String wanted) {
        return actual != null && (wanted == null || actual.equals(wanted));
    }
}
