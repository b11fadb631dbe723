package dev.tidemill.common;

import java.util.regex.Pattern;

/// The name of a resource, a model or an alias: a DNS label, so that it is also a Kubernetes name.
public record ResourceName(String value) {
    /// What the constructor accepts, for error messages.
    public static final String EXPECTED =
            "a name of a-z, 0-9 and '-', 1 to 63 characters, that begins and ends with a letter or digit";

    /// The same as a regular expression.
    public static final String PATTERN = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

    /// Characters at most.
    public static final int MOST = 63;

    private static final Pattern FORM = Pattern.compile(PATTERN);

    public ResourceName {
        if (!isValid(value)) {
            throw new IllegalArgumentException(
                    "name: '%s' (expected: %s)".formatted(value, EXPECTED));
        }
    }

    public static boolean isValid(String text) {
        return FORM.matcher(text).matches();
    }

    @Override
    public String toString() {
        return value;
    }
}
