package dev.tidemill.http;

import dev.tidemill.common.TidemillException;
import java.util.Collection;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.MismatchedInputException;

/// The parser's exceptions in the words of someone who never heard of our classes.
final class JsonProblem {
    private JsonProblem() {}

    static String of(JacksonException e) {
        return switch (e) {
            case MismatchedInputException wrong -> expected(wrong);
            case InputCoercionException _ -> path(e) + "a number that is out of range";
            case StreamConstraintsException _ ->
                    "deeper than %d levels, or a text or number that is too long"
                            .formatted(Json.MAX_DEPTH);
            case StreamReadException broken -> "not JSON: " + broken.getOriginalMessage();
            default -> path(e) + ownWords(e);
        };
    }

    /// A record that refuses its components says why itself.
    private static String ownWords(JacksonException e) {
        return e.getCause() instanceof IllegalArgumentException
                        || e.getCause() instanceof TidemillException
                ? String.valueOf(e.getCause().getMessage())
                : "not what was expected";
    }

    private static String expected(MismatchedInputException e) {
        Class<?> type = e.getTargetType();
        return path(e)
                + (type == null || type == Object.class
                        ? "not what was expected"
                        : "(expected: %s)".formatted(name(type)));
    }

    private static String path(JacksonException e) {
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference step : e.getPath()) {
            if (step.getPropertyName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
            }
        }
        return path.isEmpty() ? "" : "'" + path + "' ";
    }

    private static String name(Class<?> type) {
        if (type == String.class) {
            return "text";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == double.class
                || type == Double.class
                || type == float.class
                || type == Float.class) {
            return "a number";
        }
        if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
            return "an integer";
        }
        if (type.isArray() || Collection.class.isAssignableFrom(type)) {
            return "an array";
        }
        return type.isRecord() || Map.class.isAssignableFrom(type)
                ? "an object with all its fields"
                : "a value of its form";
    }
}
