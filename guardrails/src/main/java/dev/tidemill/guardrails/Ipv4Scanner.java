package dev.tidemill.guardrails;

/// IPv4 addresses: four numbers up to 255. Versions with four numbers look the same.
final class Ipv4Scanner implements Scanner {
    @Override
    public boolean takes(char c) {
        return Scanner.isDigit(c) || c == '.';
    }

    @Override
    public boolean begins(char c) {
        return Scanner.isDigit(c);
    }

    @Override
    public int reach() {
        return 17;
    }

    @Override
    public int endOf(String text, int from) {
        char before = Scanner.at(text, from - 1);
        if (Scanner.isWord(before)
                || (before == '.' && Scanner.isDigit(Scanner.at(text, from - 2)))) {
            return -1;
        }
        int at = from;
        for (int part = 0; part < 4; part++) {
            if (part > 0) {
                if (Scanner.at(text, at) != '.') {
                    return -1;
                }
                at++;
            }
            int begin = at;
            int number = 0;
            while (at - begin < 3 && Scanner.isDigit(Scanner.at(text, at))) {
                number = number * 10 + (text.charAt(at) - '0');
                at++;
            }
            if (at == begin || number > 255) {
                return -1;
            }
        }
        return Scanner.isWord(Scanner.at(text, at)) ? -1 : at;
    }
}
