package dev.tidemill.guardrails;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A change to a text.
///
/// @param from its first character that goes
/// @param to after its last one
public record Edit(int from, int to, String with) {

    /// Looks at a whole text.
    ///
    /// @param heard is told of everything that is found
    /// @param json whether the text is a JSON document, which is to remain one
    /// @return the changes, in the order of the text, without overlaps
    public static List<Edit> of(String text, List<Look> looks, Look.Listener heard, boolean json) {
        List<Edit> edits = new ArrayList<>(0);
        for (Look look : looks) {
            for (Finding finding : look.guardrail().find(text, 0)) {
                heard.found(look, finding.what());
                if (look.action() == Look.Action.REDACT) {
                    edits.add(of(text, finding, json));
                }
            }
        }
        return apart(edits);
    }

    static Edit of(String text, Finding finding, boolean json) {
        String with = finding.replacement();
        return new Edit(
                finding.from(),
                finding.to(),
                json && isValue(text, finding) ? '"' + with + '"' : with);
    }

    /// Whether it is a whole value without quotes, a number, in a JSON document.
    private static boolean isValue(String text, Finding finding) {
        int before = finding.from() - 1;
        int least = Math.max(0, before - Guardrail.CONTEXT + 2);
        while (before > least && text.charAt(before) == ' ') {
            before--;
        }
        char left = Scanner.at(text, before);
        char right = Scanner.at(text, finding.to());
        boolean begins = left == ':' || left == ',' || left == '[';
        boolean number = Scanner.isDigit(text.charAt(finding.from()));
        return number && begins && (right == ',' || right == '}' || right == ']' || right <= ' ');
    }

    /// Two that overlap become one, with the words of the one that begins first, or is longer.
    static List<Edit> apart(List<Edit> edits) {
        if (edits.size() < 2) {
            return edits;
        }
        List<Edit> sorted = new ArrayList<>(edits);
        sorted.sort(
                Comparator.comparingInt(Edit::from)
                        .thenComparing(Comparator.comparingInt(Edit::to).reversed()));
        List<Edit> apart = new ArrayList<>(sorted.size());
        for (Edit edit : sorted) {
            Edit last = apart.isEmpty() ? null : apart.getLast();
            if (last == null || edit.from() >= last.to()) {
                apart.add(edit);
            } else if (edit.to() > last.to()) {
                apart.set(apart.size() - 1, new Edit(last.from(), edit.to(), last.with()));
            }
        }
        return apart;
    }

    /// The text with all of them made.
    public static String apply(String text, List<Edit> edits) {
        if (edits.isEmpty()) {
            return text;
        }
        StringBuilder made = new StringBuilder(text.length());
        int at = 0;
        for (Edit edit : edits) {
            made.append(text, at, edit.from()).append(edit.with());
            at = edit.to();
        }
        return made.append(text, at, text.length()).toString();
    }
}
