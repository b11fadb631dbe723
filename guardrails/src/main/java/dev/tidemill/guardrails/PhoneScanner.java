package dev.tidemill.guardrails;

/// Telephone numbers: international ones with `+`, and those that are written in groups. Digits
/// alone are numbers of anything.
final class PhoneScanner implements Scanner {
    private static final int LEAST_DIGITS = 8;
    private static final int LEAST_NATIONAL = 9;
    private static final int MOST_DIGITS = 15;
    private static final int LONGEST = 40;

    @Override
    public boolean takes(char c) {
        return Scanner.isDigit(c) || c == '+' || isSeparator(c);
    }

    @Override
    public boolean begins(char c) {
        return Scanner.isDigit(c) || c == '+' || c == '(';
    }

    @Override
    public int reach() {
        return LONGEST + 2;
    }

    @Override
    public int endOf(String text, int from) {
        char before = Scanner.at(text, from - 1);
        if (Scanner.isWord(before) || before == '+' || isNumberPart(text, from - 1)) {
            return -1;
        }
        boolean international = text.charAt(from) == '+';
        int digits = 0;
        int groups = 0;
        int end = -1;
        int at = international ? from + 1 : from;
        boolean inGroup = false;
        while (at < text.length() && at - from < LONGEST) {
            char c = text.charAt(at);
            if (Scanner.isDigit(c)) {
                digits++;
                groups += inGroup ? 0 : 1;
                inGroup = true;
                if (!Scanner.isDigit(Scanner.at(text, at + 1))) {
                    end = at + 1;
                }
                if (digits > MOST_DIGITS) {
                    return -1;
                }
            } else if (isSeparator(c) && separators(text, at) <= 2) {
                inGroup = false;
            } else {
                break;
            }
            at++;
        }
        if (end < 0 || Scanner.isWord(Scanner.at(text, end))) {
            return -1;
        }
        if (!international && isDecimal(text, from)) {
            return -1;
        }
        boolean enough = international ? digits >= LEAST_DIGITS : digits >= LEAST_NATIONAL;
        return enough && (international || groups >= 3 || (groups == 2 && isGrouped(text, from)))
                ? end
                : -1;
    }

    /// `(030) 1234567` or `555-0123456`, but not `123456.789012`.
    private static boolean isGrouped(String text, int from) {
        if (text.charAt(from) == '(') {
            return true;
        }
        int at = from;
        while (Scanner.isDigit(Scanner.at(text, at))) {
            at++;
        }
        return at - from <= 5 && text.charAt(from) == '0' && Scanner.at(text, at) != '.';
    }

    /// One digit before a point begins a number, unless it is the country's that telephones began
    /// in.
    private static boolean isDecimal(String text, int from) {
        return text.charAt(from) != '1' && Scanner.at(text, from + 1) == '.';
    }

    private static boolean isNumberPart(String text, int at) {
        char c = Scanner.at(text, at);
        return (c == '-' || c == '.') && Scanner.isDigit(Scanner.at(text, at - 1));
    }

    private static int separators(String text, int at) {
        int from = at;
        while (from > 0 && at - from < 3 && isSeparator(text.charAt(from - 1))) {
            from--;
        }
        return at - from + 1;
    }

    private static boolean isSeparator(char c) {
        return c == ' '
                || c == '-'
                || c == '.'
                || c == '('
                || c == ')'
                || c == '/'
                || c == '\u00a0';
    }
}
