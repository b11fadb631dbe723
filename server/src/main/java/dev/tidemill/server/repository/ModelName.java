package dev.tidemill.server.repository;

import java.util.regex.Pattern;

/// Which names models of a repository may have: what fits into a URL and is no path.
final class ModelName {
    static final String EXPECTED =
            "a name of letters, digits, '_', '-' and '.', 1 to 128, that begins with a letter, digit or '_'";

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");

    private ModelName() {}

    static boolean isValid(String text) {
        return FORM.matcher(text).matches();
    }
}
