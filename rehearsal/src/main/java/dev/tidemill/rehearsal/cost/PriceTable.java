package dev.tidemill.rehearsal.cost;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Instances with their prices, from separated values:
/// `instance,cores,memory_gib,gpus,price_per_hour,spot` in any order; GPUs and spot may be left
/// out.
public record PriceTable(List<Instance> instances) {
    public PriceTable {
        instances = List.copyOf(instances);
    }

    /// @throws IllegalArgumentException with the line, for a table that cannot be used
    public static PriceTable parse(Iterator<String> lines) {
        Map<String, Integer> columns = new HashMap<>();
        List<Instance> instances = new ArrayList<>();
        int number = 0;
        while (lines.hasNext()) {
            String line = lines.next().strip();
            number++;
            line = number == 1 && line.startsWith("\uFEFF") ? line.substring(1) : line;
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String[] cells = line.split(",", -1);
            if (columns.isEmpty()) {
                header(cells, columns, number, line);
            } else {
                instances.add(new Row(columns, cells, number, line).instance());
            }
        }
        if (instances.isEmpty()) {
            throw new IllegalArgumentException(
                    "prices: no instances in %d lines (expected: rows of instance,cores,memory_gib,price_per_hour)"
                            .formatted(number));
        }
        return new PriceTable(instances);
    }

    private static void header(
            String[] cells, Map<String, Integer> columns, int number, String line) {
        for (int i = 0; i < cells.length; i++) {
            columns.putIfAbsent(cells[i].strip().toLowerCase(Locale.ROOT), i);
        }
        for (String needed : List.of("instance", "cores", "memory_gib", "price_per_hour")) {
            if (!columns.containsKey(needed)) {
                throw wrong(
                        number,
                        line,
                        "a header with instance, cores, memory_gib and price_per_hour; gpus and spot if you like");
            }
        }
    }

    private static IllegalArgumentException wrong(int number, String line, String expected) {
        return new IllegalArgumentException(
                "prices line %d: '%s' (expected: %s)".formatted(number, line, expected));
    }

    @SuppressWarnings("ArrayRecordComponent") // lives for a line
    private record Row(Map<String, Integer> columns, String[] cells, int number, String line) {
        Instance instance() {
            try {
                return new Instance(
                        cell("instance"),
                        decimal("cores"),
                        decimal("memory_gib"),
                        cell("gpus").isEmpty() ? 0 : Integer.parseInt(cell("gpus")),
                        decimal("price_per_hour"),
                        cell("spot").equalsIgnoreCase("true") || cell("spot").equals("1"));
            } catch (IllegalArgumentException e) {
                throw wrong(number, line, "a name, cores and memory above 0, a price, whole GPUs");
            }
        }

        private double decimal(String name) {
            double value = Double.parseDouble(cell(name));
            if (Double.isInfinite(value)) {
                throw new NumberFormatException(name);
            }
            return value;
        }

        private String cell(String name) {
            Integer at = columns.get(name);
            return at == null || at >= cells.length ? "" : cells[at].strip();
        }
    }
}
