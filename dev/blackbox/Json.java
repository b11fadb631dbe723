import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// As much of JSON as the checks look at; the JDK has no parser.
final class Json {
    private Json() {}

    /// The first number under `key` after `"name" : "NAME"`.
    static double number(String json, String name, String key) {
        Matcher matcher =
                Pattern.compile(
                                "\"name\"\\s*:\\s*\"%s\"\\s*,\\s*\"serving\".*?\"%s\"\\s*:\\s*([0-9.eE-]+)"
                                        .formatted(name, key),
                                Pattern.DOTALL)
                        .matcher(json);
        return matcher.find() ? Double.parseDouble(matcher.group(1)) : Double.NaN;
    }

    /// The first string under `key` after `"name" : "NAME"`.
    static String string(String json, String name, String key) {
        Matcher matcher =
                Pattern.compile(
                                "\"name\"\\s*:\\s*\"%s\"\\s*,\\s*\"serving\".*?\"%s\"\\s*:\\s*\"([^\"]*)\""
                                        .formatted(name, key),
                                Pattern.DOTALL)
                        .matcher(json);
        return matcher.find() ? matcher.group(1) : "";
    }
}
