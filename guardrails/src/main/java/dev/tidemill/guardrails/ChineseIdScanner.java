package dev.tidemill.guardrails;

/// Chinese identity cards: six digits of a place, a date of birth, three digits, and the check
/// digit of GB 11643, which may be X.
final class ChineseIdScanner implements Scanner {
    private static final int LENGTH = 18;
    private static final int[] WEIGHTS = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    private static final String CHECKS = "10X98765432";

    @Override
    public boolean takes(char c) {
        return Scanner.isDigit(c) || c == 'x' || c == 'X';
    }

    @Override
    public boolean begins(char c) {
        return c >= '1' && c <= '9';
    }

    @Override
    public int reach() {
        return LENGTH + 1;
    }

    @Override
    public int endOf(String text, int from) {
        int end = from + LENGTH;
        if (end > text.length()
                || Scanner.isWord(Scanner.at(text, from - 1))
                || Scanner.isWord(Scanner.at(text, end))) {
            return -1;
        }
        int sum = 0;
        for (int i = 0; i < LENGTH - 1; i++) {
            char c = text.charAt(from + i);
            if (!Scanner.isDigit(c)) {
                return -1;
            }
            sum += (c - '0') * WEIGHTS[i];
        }
        char check = Character.toUpperCase(text.charAt(end - 1));
        return CHECKS.charAt(sum % 11) == check && isDate(text, from + 6) ? end : -1;
    }

    private static boolean isDate(String text, int from) {
        int year = Integer.parseInt(text, from, from + 4, 10);
        int month = Integer.parseInt(text, from + 4, from + 6, 10);
        int day = Integer.parseInt(text, from + 6, from + 8, 10);
        return year >= 1880 && year < 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
    }
}
