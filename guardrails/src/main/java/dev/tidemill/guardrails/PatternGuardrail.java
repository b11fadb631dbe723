package dev.tidemill.guardrails;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.List;

/// A regular expression of a file, in RE2's syntax: without references back and looking around, so
/// that no text takes longer than in proportion to its length.
public final class PatternGuardrail implements Guardrail {
    private static final int MOST_CHARACTERS = 500;

    private final Pattern pattern;
    private final int reach;
    private final String replacement;
    private final String what;

    /// @param reach the longest finding, for streams
    /// @param what its name
    /// @throws IllegalArgumentException when it is no expression, or finds nothing everywhere
    public PatternGuardrail(String expression, int reach, String replacement, String what) {
        this.pattern = compiled(expression);
        this.reach = reach + 1;
        this.replacement = replacement;
        this.what = what;
    }

    /// @throws IllegalArgumentException with what is wrong
    public static void check(String expression) {
        compiled(expression);
    }

    private static Pattern compiled(String expression) {
        if (expression.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException("at most %d characters".formatted(MOST_CHARACTERS));
        }
        try {
            Pattern pattern = Pattern.compile(expression);
            if (pattern.matcher("").matches()) {
                throw new IllegalArgumentException("one that does not find nothing at all");
            }
            return pattern;
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(e.getDescription(), e);
        }
    }

    @Override
    public List<Finding> find(String text, int from) {
        return find(text, from, text.length() + 1);
    }

    @Override
    public List<Finding> find(String text, int from, int until) {
        List<Finding> found = new ArrayList<>(0);
        Matcher matcher = pattern.matcher(text);
        int at = from;
        while (at < until && at <= text.length() && matcher.find(at) && matcher.start() < until) {
            if (matcher.end() > matcher.start()) {
                found.add(new Finding(matcher.start(), matcher.end(), replacement, what));
                at = matcher.end();
            } else {
                at = matcher.end() + 1;
            }
        }
        return found;
    }

    @Override
    public int reach() {
        return reach;
    }
}
