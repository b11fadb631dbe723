package dev.tidemill.operator.metricsapi;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Kubernetes' selectors of labels: `a=b`, `a!=b`, `a in (b,c)`, `a notin (b,c)`, `a`, `!a`, all of
/// them at once.
final class LabelSelector implements Predicate<Map<String, String>> {
    private static final String KEY = "([A-Za-z0-9](?:[A-Za-z0-9./_-]{0,315}[A-Za-z0-9])?)";
    private static final String VALUE = "([A-Za-z0-9._-]{0,63})";
    private static final Pattern EQUALS = Pattern.compile(KEY + "\\s*(==?|!=)\\s*" + VALUE);
    private static final Pattern SET =
            Pattern.compile(KEY + "\\s+(in|notin)\\s+\\(([A-Za-z0-9._,\\s-]*)\\)");
    private static final Pattern THERE = Pattern.compile("(!?)\\s*" + KEY);

    private final List<Predicate<Map<String, String>>> parts;

    private LabelSelector(List<Predicate<Map<String, String>>> parts) {
        this.parts = List.copyOf(parts);
    }

    /// @param text empty for one that everything matches
    /// @throws TidemillException `INVALID_REQUEST`
    static LabelSelector parse(String text) {
        List<Predicate<Map<String, String>>> parts = new ArrayList<>();
        for (String part : split(text)) {
            parts.add(part(part.strip(), text));
        }
        return new LabelSelector(parts);
    }

    @Override
    public boolean test(Map<String, String> labels) {
        return parts.stream().allMatch(part -> part.test(labels));
    }

    private static Predicate<Map<String, String>> part(String part, String whole) {
        Matcher equal = EQUALS.matcher(part);
        if (equal.matches()) {
            String key = equal.group(1);
            String value = equal.group(3);
            boolean not = equal.group(2).equals("!=");
            return labels -> value.equals(labels.get(key)) != not;
        }
        Matcher set = SET.matcher(part);
        if (set.matches()) {
            String key = set.group(1);
            boolean not = set.group(2).equals("notin");
            Set<String> values = new TreeSet<>();
            Arrays.stream(set.group(3).split(",", -1)).map(String::strip).forEach(values::add);
            return labels -> {
                String value = labels.get(key);
                return (value != null && values.contains(value)) != not;
            };
        }
        Matcher there = THERE.matcher(part);
        if (there.matches()) {
            String key = there.group(2);
            boolean not = there.group(1).equals("!");
            return labels -> labels.containsKey(key) != not;
        }
        throw new TidemillException(
                ErrorCode.INVALID_REQUEST,
                "labelSelector: '%s' (expected: terms such as a=b, a in (b,c) or !a)"
                        .formatted(whole));
    }

    /// At commas that are in no parentheses.
    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int begin = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == ',' && depth == 0) {
                parts.add(text.substring(begin, i));
                begin = i + 1;
            }
        }
        if (!text.isBlank()) {
            parts.add(text.substring(begin));
        }
        return parts;
    }
}
