package dev.tidemill.operator.act;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Finds what of an object is not as it was wanted. What others added, defaults among it, is
/// theirs.
final class Drift {
    private static final Pattern QUANTITY =
            Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?)(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?");

    private Drift() {}

    /// Paths such as `spec.template.spec.containers[0].image`.
    static List<String> between(Map<String, Object> wanted, Map<String, Object> observed) {
        List<String> paths = new ArrayList<>();
        wanted.forEach((key, value) -> {
            // Who made an object knows its kind; lists of a server do not repeat it.
            if (!key.equals("apiVersion") && !key.equals("kind")) {
                compare(key, value, observed.get(key), paths);
            }
        });
        return paths;
    }

    private static void compare(
            String path, @Nullable Object wanted, @Nullable Object observed, List<String> paths) {
        if (wanted == null) {
            return;
        }
        switch (wanted) {
            case Map<?, ?> map -> {
                Map<?, ?> other = observed instanceof Map<?, ?> found ? found : Map.of();
                map.forEach(
                        (key, value) -> compare(path + "." + key, value, other.get(key), paths));
            }
            case List<?> list -> compareLists(path, list, observed, paths);
            default -> {
                if (!isSame(wanted, observed)) {
                    paths.add(path);
                }
            }
        }
    }

    private static void compareLists(
            String path, List<?> wanted, @Nullable Object observed, List<String> paths) {
        List<?> others = observed instanceof List<?> list ? list : List.of();
        Map<Object, Object> named = byName(others);
        if (others.size() != wanted.size()) {
            paths.add(path);
            return;
        }
        for (int i = 0; i < wanted.size(); i++) {
            Object item = wanted.get(i);
            Object other = others.get(i);
            // A server keeps lists of named things in an order of its own.
            if (item instanceof Map<?, ?> map
                    && map.get("name") != null
                    && named.get(map.get("name")) instanceof Map<?, ?> same) {
                other = same;
            }
            compare(path + "[" + i + "]", item, other, paths);
        }
    }

    private static Map<Object, Object> byName(List<?> list) {
        Map<Object, Object> named = new LinkedHashMap<>();
        for (Object item : list) {
            if (item instanceof Map<?, ?> map && map.get("name") != null) {
                named.put(map.get("name"), item);
            }
        }
        return named.size() == list.size() ? named : Map.of();
    }

    private static boolean isSame(Object wanted, @Nullable Object observed) {
        if (observed == null) {
            return Boolean.FALSE.equals(wanted) || "".equals(wanted);
        }
        if (Objects.equals(wanted, observed)
                || String.valueOf(wanted).equals(String.valueOf(observed))) {
            return true;
        }
        Optional<BigDecimal> number = quantity(wanted);
        return number.isPresent()
                && quantity(observed).filter(n -> n.compareTo(number.get()) == 0).isPresent();
    }

    /// `0.5` and `500m` are one: an API server writes quantities in its own way.
    private static Optional<BigDecimal> quantity(Object value) {
        Matcher matcher = QUANTITY.matcher(String.valueOf(value));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        BigDecimal factor =
                switch (matcher.group(2) == null ? "" : matcher.group(2)) {
                    case "m" -> new BigDecimal("0.001");
                    case "k" -> BigDecimal.valueOf(1_000L);
                    case "M" -> BigDecimal.valueOf(1_000_000L);
                    case "G" -> BigDecimal.valueOf(1_000_000_000L);
                    case "T" -> BigDecimal.valueOf(1_000_000_000_000L);
                    case "P" -> BigDecimal.valueOf(1_000_000_000_000_000L);
                    case "Ki" -> BigDecimal.valueOf(1L << 10);
                    case "Mi" -> BigDecimal.valueOf(1L << 20);
                    case "Gi" -> BigDecimal.valueOf(1L << 30);
                    case "Ti" -> BigDecimal.valueOf(1L << 40);
                    case "Pi" -> BigDecimal.valueOf(1L << 50);
                    default -> BigDecimal.ONE;
                };
        return Optional.of(new BigDecimal(matcher.group(1)).multiply(factor));
    }
}
