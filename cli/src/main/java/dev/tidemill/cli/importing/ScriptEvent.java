package dev.tidemill.cli.importing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One line that the converter writes on its standard output.
sealed interface ScriptEvent {
    /// Something was done.
    record Step(String text) implements ScriptEvent {}

    /// Something that the user should know.
    record Note(String text) implements ScriptEvent {}

    /// One output was compared for one batch.
    record Compared(Difference difference) implements ScriptEvent {}

    /// It cannot be converted.
    ///
    /// @param what names the class, operator or file
    /// @param todo what the user can do about it; empty when nothing is known
    record Refused(String what, String todo) implements ScriptEvent {}

    /// It ended well; what it found is in `json`.
    record Result(JsonNode json) implements ScriptEvent {}

    /// Empty for a line that is none of ours.
    static Optional<ScriptEvent> parse(String line) {
        if (!line.startsWith("{")) {
            return Optional.empty();
        }
        try {
            JsonNode json = JsonMapper.shared().readTree(line);
            return switch (json.path("event").asString("")) {
                case "step" -> Optional.of(new Step(text(json, "text")));
                case "note" -> Optional.of(new Note(text(json, "text")));
                case "difference" -> Optional.of(new Compared(difference(json)));
                case "refused" -> Optional.of(new Refused(text(json, "what"), text(json, "todo")));
                case "result" -> Optional.of(new Result(json));
                default -> Optional.empty();
            };
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    /// The texts of an array, in order.
    static List<String> texts(JsonNode json, String name) {
        List<String> texts = new ArrayList<>();
        json.path(name).forEach(one -> texts.add(one.asString("")));
        return texts;
    }

    private static Difference difference(JsonNode json) {
        return new Difference(
                text(json, "output"),
                json.path("batch").asInt(0),
                json.path("elements").asLong(0),
                json.path("maxAbs").asDouble(Double.NaN),
                json.path("maxRel").asDouble(Double.NaN),
                json.path("worst").asDouble(Double.NaN),
                json.path("mismatches").asLong(0),
                text(json, "shapes"));
    }

    private static String text(JsonNode json, String name) {
        return json.path(name).asString("");
    }
}
