package dev.tidemill.routing;

/// Where a path leads.
public sealed interface RouteMatch {
    /// One sentence for logs and people.
    String reason();

    /// To a model named in the path itself, `/v2/models/NAME/...`.
    record ByName(String model) implements RouteMatch {
        @Override
        public String reason() {
            return "model '%s' is named in the path".formatted(model);
        }
    }

    /// To a model by a configured route: the replica must be told which model is meant.
    record ByPath(String model, String path) implements RouteMatch {
        @Override
        public String reason() {
            return "route '%s' leads to model '%s'".formatted(path, model);
        }
    }

    /// To a model that is not served.
    record UnknownModel(String name) implements RouteMatch {
        @Override
        public String reason() {
            return "no model '%s' is served".formatted(name);
        }
    }

    /// Nowhere.
    record NoRoute() implements RouteMatch {
        @Override
        public String reason() {
            return "no route has this path";
        }
    }

    /// Nowhere on purpose: `.` and `..` segments could mean another model to a replica than to us.
    record Ambiguous() implements RouteMatch {
        @Override
        public String reason() {
            return "a path with '.' or '..' segments means different things to different readers";
        }
    }
}
