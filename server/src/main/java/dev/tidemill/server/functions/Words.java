package dev.tidemill.server.functions;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Text as words, the way BERT's vocabularies expect: control characters go, Chinese characters and
/// punctuation stand alone, and without case accents go too.
///
/// @param plain only white space divides words, and nothing is taken away
record Words(boolean lowerCase, boolean plain) {
    List<String> of(String text) {
        String folded = lowerCase ? text.toLowerCase(Locale.ROOT) : text;
        if (lowerCase && !plain) {
            folded = Normalizer.normalize(folded, Normalizer.Form.NFD);
        }
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        folded.codePoints().forEach(point -> add(point, word, words));
        end(word, words);
        return words;
    }

    private void add(int point, StringBuilder word, List<String> words) {
        if (isSpace(point)) {
            end(word, words);
        } else if (plain) {
            word.appendCodePoint(point);
        } else if (isPunctuation(point) || isChinese(point)) {
            end(word, words);
            words.add(Character.toString(point));
        } else if (!isDropped(point)) {
            word.appendCodePoint(point);
        }
    }

    private static void end(StringBuilder word, List<String> words) {
        if (!word.isEmpty()) {
            words.add(word.toString());
            word.setLength(0);
        }
    }

    private boolean isDropped(int point) {
        int type = Character.getType(point);
        boolean control =
                type == Character.CONTROL
                        || type == Character.FORMAT
                        || type == Character.PRIVATE_USE
                        || type == Character.SURROGATE
                        || type == Character.UNASSIGNED;
        return control || point == 0xfffd || (lowerCase && type == Character.NON_SPACING_MARK);
    }

    private static boolean isSpace(int point) {
        return point == ' '
                || point == '\t'
                || point == '\n'
                || point == '\r'
                || Character.getType(point) == Character.SPACE_SEPARATOR;
    }

    /// In ASCII signs such as `$` count too.
    private static boolean isPunctuation(int point) {
        if (point < 128) {
            return point > ' ' && point < 127 && !Character.isLetterOrDigit(point);
        }
        return switch (Character.getType(point)) {
            case Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION ->
                    true;
            default -> false;
        };
    }

    private static boolean isChinese(int point) {
        return (point >= 0x4e00 && point <= 0x9fff)
                || (point >= 0x3400 && point <= 0x4dbf)
                || (point >= 0x20000 && point <= 0x2a6df)
                || (point >= 0x2a700 && point <= 0x2ceaf)
                || (point >= 0xf900 && point <= 0xfaff)
                || (point >= 0x2f800 && point <= 0x2fa1f);
    }
}
