import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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

    /// When decisions ordered more replicas than there were, in order.
    static List<Instant> growth(String json) {
        Matcher matcher =
                Pattern.compile(
                                "\"at\"\\s*:\\s*\"([^\"]+)\".*?\"ordered\"\\s*:\\s*(\\d+).*?\"replicas\"\\s*:\\s*(\\d+)",
                                Pattern.DOTALL)
                        .matcher(json);
        List<Instant> growth = new ArrayList<>();
        while (matcher.find()) {
            if (Integer.parseInt(matcher.group(3)) > Integer.parseInt(matcher.group(2))) {
                growth.add(Instant.parse(matcher.group(1)));
            }
        }
        return growth;
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
