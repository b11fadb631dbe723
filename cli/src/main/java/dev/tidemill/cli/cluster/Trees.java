package dev.tidemill.cli.cluster;

import java.util.List;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// Trees of objects as text and back.
final class Trees {
    private static final TypeReference<List<Map<String, Object>>> TYPE = new TypeReference<>() {};

    private Trees() {}

    static String write(List<Map<String, Object>> trees) {
        return JsonMapper.shared().writeValueAsString(trees);
    }

    static List<Map<String, Object>> read(String text) {
        return JsonMapper.shared().readValue(text, TYPE);
    }
}
