package dev.tidemill.client.control;

import java.util.List;

/// Answer of `GET /api/v1/models`, by name.
public record ModelList(List<RegisteredModel> models) {
    public ModelList {
        models = List.copyOf(models);
    }
}
