package dev.tidemill.guardrails;

/// Chinese mobile numbers: 1, a digit from 3 to 9 and nine more, in groups of 3, 4 and 4 or not,
/// with +86 before or not.
final class ChineseMobileScanner implements Scanner {
    private static final int DIGITS = 11;

    @Override
    public boolean takes(char c) {
        return Scanner.isDigit(c) || c == '+' || isSeparator(c);
    }

    @Override
    public boolean begins(char c) {
        return c == '1' || c == '+' || c == '8';
    }

    @Override
    public int reach() {
        return 20;
    }

    @Override
    public int endOf(String text, int from) {
        char before = Scanner.at(text, from - 1);
        if (Scanner.isWord(before) || before == '+') {
            return -1;
        }
        int at = from;
        if (text.charAt(at) == '+') {
            at++;
        }
        if (text.startsWith("86", at)) {
            at += 2;
            if (isSeparator(Scanner.at(text, at))) {
                at++;
            }
        } else if (at > from) {
            return -1;
        }
        return endOfNumber(text, at);
    }

    private static int endOfNumber(String text, int from) {
        int at = from;
        for (int i = 0; i < DIGITS; i++) {
            if ((i == 3 || i == 7) && isSeparator(Scanner.at(text, at))) {
                at++;
            }
            char c = Scanner.at(text, at);
            boolean fits = i == 0 ? c == '1' : i == 1 ? c >= '3' && c <= '9' : Scanner.isDigit(c);
            if (!fits) {
                return -1;
            }
            at++;
        }
        return Scanner.isWord(Scanner.at(text, at)) ? -1 : at;
    }

    private static boolean isSeparator(char c) {
        return c == ' ' || c == '-';
    }
}
