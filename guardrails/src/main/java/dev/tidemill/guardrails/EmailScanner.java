package dev.tidemill.guardrails;

/// Addresses of mail, as people write them: RFC 5321's lengths, without quoted local parts, in
/// ASCII: prose in other scripts follows addresses without a space.
final class EmailScanner implements Scanner {
    private static final int MOST_LOCAL = 64;
    private static final int MOST_DOMAIN = 255;

    @Override
    public boolean takes(char c) {
        return isLocal(c) || c == '@';
    }

    @Override
    public boolean begins(char c) {
        return isLocal(c) && c != '.';
    }

    @Override
    public int reach() {
        return MOST_LOCAL + 1 + MOST_DOMAIN + 1;
    }

    @Override
    public int endOf(String text, int from) {
        int at = from;
        while (at < text.length() && at - from <= MOST_LOCAL && isLocal(text.charAt(at))) {
            at++;
        }
        if (at == from || Scanner.at(text, at) != '@') {
            return -1;
        }
        return endOfDomain(text, at + 1);
    }

    /// After the last label that can be a top-level domain.
    private static int endOfDomain(String text, int from) {
        int end = -1;
        int label = from;
        boolean dotted = false;
        int at = from;
        while (true) {
            boolean inDomain = at < text.length() && at - from < MOST_DOMAIN;
            char c = inDomain ? text.charAt(at) : ' ';
            if (Scanner.isDigit(c) || Scanner.isLetter(c) || c == '-') {
                at++;
                continue;
            }
            if (dotted && at - label >= 2 && !Scanner.isDigit(text.charAt(at - 1))) {
                end = at;
            }
            if (c != '.' || at == label) {
                return end;
            }
            dotted = true;
            at++;
            label = at;
        }
    }

    private static boolean isLocal(char c) {
        return Scanner.isWord(c)
                || c == '.'
                || c == '%'
                || c == '+'
                || c == '-'
                || c == '\''
                || c == '!'
                || c == '#'
                || c == '&'
                || c == '*'
                || c == '='
                || c == '~';
    }
}
