package dev.tidemill.guardrails;

/// Numbers of payment cards: 13 to 19 digits, in groups or not, whose check digit is right (Luhn).
final class CardScanner implements Scanner {
    private static final int LEAST = 13;
    private static final int MOST = 19;

    @Override
    public boolean takes(char c) {
        return Scanner.isDigit(c) || isSeparator(c);
    }

    @Override
    public boolean begins(char c) {
        return c >= '2' && c <= '6';
    }

    @Override
    public int reach() {
        return MOST * 2 + 2;
    }

    @Override
    public int endOf(String text, int from) {
        if (isPartBefore(text, from)) {
            return -1;
        }
        int digits = 0;
        int odd = 0;
        int even = 0;
        int end = -1;
        for (int at = from; at < text.length() && digits < MOST; at++) {
            char c = text.charAt(at);
            if (Scanner.isDigit(c)) {
                // Which digits are doubled depends on how many there are: both sums are kept.
                int digit = c - '0';
                int doubled = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
                odd += digits % 2 == 0 ? doubled : digit;
                even += digits % 2 == 0 ? digit : doubled;
                digits++;
                boolean whole = !Scanner.isDigit(Scanner.at(text, at + 1));
                int sum = digits % 2 == 0 ? odd : even;
                if (whole && digits >= LEAST && sum % 10 == 0) {
                    end = at + 1;
                }
            } else if (!isSeparator(c) || isSeparator(Scanner.at(text, at + 1))) {
                break;
            }
        }
        return end;
    }

    /// Whether it stands in the middle of a longer number.
    private static boolean isPartBefore(String text, int from) {
        return Scanner.isDigit(Scanner.at(text, from - 1));
    }

    private static boolean isSeparator(char c) {
        return c == ' ' || c == '-' || c == '\u00a0';
    }
}
