package dev.tidemill.guardrails;

/// A kind of text that is found by going through its candidates.
///
/// Candidates lie within runs of characters that it takes, and begin with a character that may
/// begin one; that is what makes streams smooth.
interface Scanner {
    /// Whether a finding may have this character.
    boolean takes(char c);

    /// Whether a finding may begin with this character.
    boolean begins(char c);

    /// The longest finding, with the one character behind it that may decide.
    int reach();

    /// Where the finding that begins exactly there ends; -1 when none does.
    int endOf(String text, int from);

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    static boolean isWord(char c) {
        return isDigit(c) || isLetter(c) || c == '_';
    }

    /// The character there, or a space outside of the text.
    static char at(String text, int index) {
        return index >= 0 && index < text.length() ? text.charAt(index) : ' ';
    }
}
