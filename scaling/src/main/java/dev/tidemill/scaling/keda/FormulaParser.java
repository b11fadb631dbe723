package dev.tidemill.scaling.keda;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.ToDoubleFunction;

/// Recursive descent, loosest binding first: `?:`, `??`, `||`, `&&`, comparison, sum, product,
/// power, sign.
final class FormulaParser {
    /// A parsed part, given the triggers.
    private interface Part extends ToDoubleFunction<ToDoubleFunction<String>> {}

    private static final int DEEPEST = 100;

    private final String text;
    private int at;
    private int depth;
    private int signs;

    FormulaParser(String text) {
        this.text = text;
    }

    ToDoubleFunction<ToDoubleFunction<String>> parse() {
        Part whole = choice();
        if (peek() != 0) {
            throw wrong("an operator or the end");
        }
        return whole;
    }

    private Part choice() {
        if (++depth > DEEPEST) {
            throw wrong("fewer parts inside one another");
        }
        Part test = coalesced();
        if (!take("?")) {
            depth--;
            return test;
        }
        Part yes = choice();
        if (!take(":")) {
            throw wrong("':'");
        }
        Part no = choice();
        depth--;
        return triggers -> {
            double tested = test.applyAsDouble(triggers);
            return Double.isNaN(tested) ? tested : (tested != 0 ? yes : no).applyAsDouble(triggers);
        };
    }

    private Part coalesced() {
        Part left = or();
        while (take("??")) {
            Part first = left;
            Part second = or();
            left =
                    triggers -> {
                        double value = first.applyAsDouble(triggers);
                        return Double.isNaN(value) ? second.applyAsDouble(triggers) : value;
                    };
        }
        return left;
    }

    private Part or() {
        Part left = and();
        while (take("||")) {
            left = joined(left, and(), (a, b) -> truth(a != 0 || b != 0));
        }
        return left;
    }

    private Part and() {
        Part left = comparison();
        while (take("&&")) {
            left = joined(left, comparison(), (a, b) -> truth(a != 0 && b != 0));
        }
        return left;
    }

    private Part comparison() {
        Part left = sum();
        if (take("==")) {
            return joined(left, sum(), (a, b) -> truth(a == b));
        } else if (take("!=")) {
            return joined(left, sum(), (a, b) -> truth(a != b));
        } else if (take("<=")) {
            return joined(left, sum(), (a, b) -> truth(a <= b));
        } else if (take(">=")) {
            return joined(left, sum(), (a, b) -> truth(a >= b));
        } else if (take("<")) {
            return joined(left, sum(), (a, b) -> truth(a < b));
        } else if (take(">")) {
            return joined(left, sum(), (a, b) -> truth(a > b));
        }
        return left;
    }

    private Part sum() {
        Part left = product();
        while (true) {
            if (take("+")) {
                left = joined(left, product(), Double::sum);
            } else if (take("-")) {
                left = joined(left, product(), (a, b) -> a - b);
            } else {
                return left;
            }
        }
    }

    private Part product() {
        Part left = power();
        while (true) {
            if (take("*")) {
                left = joined(left, power(), (a, b) -> a * b);
            } else if (take("/")) {
                left = joined(left, power(), (a, b) -> a / b);
            } else if (take("%")) {
                left = joined(left, power(), (a, b) -> a % b);
            } else {
                return left;
            }
        }
    }

    private Part power() {
        Part base = signed();
        if (!take("**") && !take("^")) {
            return base;
        }
        if (++signs > DEEPEST) {
            throw wrong("fewer parts inside one another");
        }
        Part exponent = power();
        signs--;
        return joined(base, exponent, Math::pow);
    }

    private Part signed() {
        if (depth + signs > DEEPEST) {
            throw wrong("fewer parts inside one another");
        }
        signs++;
        Part part = unary();
        signs--;
        return part;
    }

    private Part unary() {
        if (take("-")) {
            Part positive = signed();
            return triggers -> -positive.applyAsDouble(triggers);
        }
        if (take("!")) {
            Part value = signed();
            return triggers -> {
                double given = value.applyAsDouble(triggers);
                return Double.isNaN(given) ? given : truth(given == 0);
            };
        }
        return primary();
    }

    private Part primary() {
        char c = peek();
        if (c == '(') {
            take("(");
            Part inner = choice();
            if (!take(")")) {
                throw wrong("')'");
            }
            return inner;
        }
        if (Character.isDigit(c) || c == '.') {
            return number();
        }
        if (Character.isLetter(c) || c == '_') {
            String word = word();
            return switch (word) {
                case "nil" -> _ -> Double.NaN;
                case "true" -> _ -> 1;
                case "false" -> _ -> 0;
                default -> take("(") ? function(word) : triggers -> triggers.applyAsDouble(word);
            };
        }
        throw wrong("a number, a trigger's name or '('");
    }

    private Part number() {
        int start = at;
        while (at < text.length()
                && (Character.isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
            at++;
        }
        try {
            double value = Double.parseDouble(text.substring(start, at));
            return _ -> value;
        } catch (NumberFormatException _) {
            at = start;
            throw wrong("a number");
        }
    }

    private String word() {
        int start = at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
            at++;
        }
        return text.substring(start, at);
    }

    private Part function(String name) {
        ToDoubleFunction<double[]> function = named(name);
        List<Part> arguments = new ArrayList<>();
        boolean list = take("[");
        do {
            arguments.add(choice());
        } while (take(","));
        if ((list && !take("]")) || !take(")")) {
            throw wrong("')'");
        }
        return triggers -> {
            double[] values = new double[arguments.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = arguments.get(i).applyAsDouble(triggers);
            }
            return function.applyAsDouble(values);
        };
    }

    private ToDoubleFunction<double[]> named(String name) {
        return switch (name) {
            case "min" -> values -> Arrays.stream(values).min().orElse(Double.NaN);
            case "max" -> values -> Arrays.stream(values).max().orElse(Double.NaN);
            case "sum" -> values -> Arrays.stream(values).sum();
            case "mean", "avg" -> values -> Arrays.stream(values).average().orElse(Double.NaN);
            case "median" -> FormulaParser::median;
            case "count" -> values -> Arrays.stream(values).filter(v -> v != 0).count();
            case "abs" -> values -> Math.abs(values[0]);
            case "ceil" -> values -> Math.ceil(values[0]);
            case "floor" -> values -> Math.floor(values[0]);
            case "round" -> values -> Math.rint(values[0]);
            default -> throw wrong("a function that exists, not '" + name + "'");
        };
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        boolean even = sorted.length % 2 == 0;
        double last = sorted[sorted.length - 1];
        return Double.isNaN(last)
                ? last
                : even ? (sorted[half - 1] + sorted[half]) / 2 : sorted[half];
    }

    private static Part joined(Part left, Part right, DoubleBinaryOperator operator) {
        return triggers -> {
            double a = left.applyAsDouble(triggers);
            double b = right.applyAsDouble(triggers);
            return Double.isNaN(a) || Double.isNaN(b) ? Double.NaN : operator.applyAsDouble(a, b);
        };
    }

    private static double truth(boolean value) {
        return value ? 1 : 0;
    }

    private char peek() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at < text.length() ? text.charAt(at) : 0;
    }

    /// `?` does not take the beginning of `??`, nor `*` that of `**`.
    private boolean take(String symbol) {
        peek();
        if (!text.startsWith(symbol, at)) {
            return false;
        }
        boolean longer =
                (symbol.equals("?") && text.startsWith("??", at))
                        || (symbol.equals("*") && text.startsWith("**", at))
                        || (symbol.equals("!") && text.startsWith("!=", at));
        if (longer) {
            return false;
        }
        at += symbol.length();
        return true;
    }

    private IllegalArgumentException wrong(String expected) {
        return new IllegalArgumentException(
                "formula: '%s' at %d (expected: %s)".formatted(text, at + 1, expected));
    }
}
