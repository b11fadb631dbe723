package dev.tidemill.guardrails;

import java.util.List;

/// Keys of well-known services by the way they begin, JSON web tokens, and keys of this gateway.
final class ApiKeyScanner implements Scanner {
    private static final List<String> BEGINNINGS =
            List.of(
                    "sk-",
                    "sk_live_",
                    "sk_test_",
                    "rk_live_",
                    "tm-",
                    "ghp_",
                    "gho_",
                    "ghs_",
                    "ghu_",
                    "ghr_",
                    "github_pat_",
                    "glpat-",
                    "AKIA",
                    "ASIA",
                    "AIza",
                    "xoxb-",
                    "xoxp-",
                    "xoxa-",
                    "xapp-",
                    "hf_",
                    "npm_",
                    "eyJ");
    private static final int LEAST = 16;
    private static final int MOST = 8192;

    @Override
    public boolean takes(char c) {
        return Scanner.isWord(c) || c == '-' || c == '.';
    }

    @Override
    public boolean begins(char c) {
        return BEGINNINGS.stream().anyMatch(beginning -> beginning.charAt(0) == c);
    }

    /// Enough to know that it is one; a longer one is found then, and held to its end.
    @Override
    public int reach() {
        return 64;
    }

    @Override
    public int endOf(String text, int from) {
        char before = Scanner.at(text, from - 1);
        if (Scanner.isWord(before)) {
            return -1;
        }
        for (String beginning : BEGINNINGS) {
            if (text.startsWith(beginning, from)) {
                int at = from + beginning.length();
                while (at < text.length() && at - from < MOST && takes(text.charAt(at))) {
                    at++;
                }
                // A full stop behind it belongs to the sentence.
                while (Scanner.at(text, at - 1) == '.') {
                    at--;
                }
                return at - from - beginning.length() >= LEAST ? at : -1;
            }
        }
        return -1;
    }
}
