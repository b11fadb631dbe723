package dev.tidemill.cli.importing;

import java.util.regex.Pattern;

/// Takes credentials out of what pip prints: addresses of package indexes often carry them.
final class Secrets {
    private static final Pattern USER_INFO = Pattern.compile("://[^/\\s@]{1,500}@");

    private Secrets() {}

    static String hidden(String line) {
        return USER_INFO.matcher(line).replaceAll("://***@");
    }
}
