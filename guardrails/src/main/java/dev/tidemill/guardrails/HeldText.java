package dev.tidemill.guardrails;

import java.util.ArrayList;
import java.util.List;

/// A text that comes in pieces and is looked at as if it came whole: as much of its end is held as
/// may still become part of a finding. Places are counted from the text's beginning. Used by one
/// thread.
public final class HeldText {
    /// What is held at most; a finding that is longer passes in its second part.
    static final int MOST_HELD = 16_384;

    private final List<Look> looks;
    private final Look.Listener heard;
    private final boolean json;

    /// A few characters that are decided, and then those that are not.
    private final StringBuilder text = new StringBuilder();

    private final List<Edit> edits = new ArrayList<>();

    /// Place of the first character of `text`.
    private long base;

    private long decided;

    /// @param heard is told of everything that is found, once
    /// @param json whether the text is a JSON document, which is to remain one
    public HeldText(List<Look> looks, Look.Listener heard, boolean json) {
        this.looks = List.copyOf(looks);
        this.heard = heard;
        this.json = json;
    }

    /// The place where the next piece begins.
    public long length() {
        return base + text.length();
    }

    /// Up to which place the text will not change any more.
    public long decided() {
        return decided;
    }

    public void add(String piece) {
        if (!piece.isEmpty()) {
            text.append(piece);
            look(false);
        }
    }

    /// Nothing follows.
    public void end() {
        if (decided < length()) {
            look(true);
        }
    }

    /// The changes to a piece, all of which is decided. A replacement stands where its finding
    /// begins.
    ///
    /// @param from where the piece begins
    /// @return counted from there
    public List<Edit> changes(long from, int length) {
        List<Edit> own = new ArrayList<>(0);
        for (Edit edit : edits) {
            int begin = Math.toIntExact(Math.max(edit.from() - from, -1));
            int end = Math.toIntExact(Math.min(edit.to() - from, length));
            if (end > 0 && begin < length) {
                own.add(begin < 0 ? new Edit(0, end, "") : new Edit(begin, end, edit.with()));
            }
        }
        return own;
    }

    /// Forgets changes before a place, all of which has been asked for.
    public void forget(long before) {
        edits.removeIf(edit -> edit.to() <= before);
    }

    private void look(boolean last) {
        String now = text.toString();
        int from = (int) (decided - base);
        int until = now.length();
        List<Edit> found = new ArrayList<>(0);
        List<Told> all = new ArrayList<>(0);
        for (Look look : looks) {
            if (!last) {
                until = Math.min(until, Math.max(from, look.guardrail().openFrom(now)));
            }
            for (Finding finding : look.guardrail().find(now, from)) {
                all.add(new Told(finding, look));
                found.add(new Edit(finding.from(), finding.to(), finding.replacement()));
            }
        }
        if (!last) {
            until = beforeOpen(Edit.apart(found), until, now.length());
            if (until - from == 0 && now.length() - from > MOST_HELD) {
                until = now.length();
            }
        }
        decide(now, all, until);
        decided = base + until;
        int drop = Math.max(0, until - Guardrail.CONTEXT);
        text.delete(0, drop);
        base += drop;
    }

    /// What was found and may still grow, or is not decided as a whole, waits.
    private static int beforeOpen(List<Edit> found, int until, int length) {
        int least = until;
        for (Edit edit : found) {
            if (edit.to() > least || edit.to() == length) {
                least = Math.min(least, edit.from());
            }
        }
        return least;
    }

    private void decide(String now, List<Told> all, int until) {
        List<Edit> redacted = new ArrayList<>(0);
        for (Told one : all) {
            Finding finding = one.finding();
            if (finding.from() < until) {
                heard.found(one.look(), finding.what());
                if (one.look().action() == Look.Action.REDACT) {
                    redacted.add(Edit.of(now, finding, json));
                }
            }
        }
        for (Edit edit : Edit.apart(redacted)) {
            edits.add(
                    new Edit(
                            Math.toIntExact(base + edit.from()),
                            Math.toIntExact(base + edit.to()),
                            edit.with()));
        }
    }

    private record Told(Finding finding, Look look) {}
}
