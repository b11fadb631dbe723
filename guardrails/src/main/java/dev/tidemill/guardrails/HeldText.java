package dev.tidemill.guardrails;

import java.util.ArrayList;
import java.util.List;

/// A text that comes in pieces and is looked at as if it came whole: as much of its end is held as
/// may still become part of a finding. Places are counted from the text's beginning. Used by one
/// thread.
public final class HeldText {
    /// What is held at most; a finding that is longer passes in its second part.
    static final int MOST_HELD = 16_384;

    /// While no more is held than this, each piece is looked at when it comes.
    private static final int SMOOTH = 256;

    /// Of what is held beyond that, the part that must be ready to be decided before all of it is
    /// looked at again: so a text takes time in proportion to its length, however it is cut.
    private static final int PART = 8;

    private final List<Look> looks;
    private final Look.Listener heard;
    private final boolean json;

    /// A few characters that are decided, and then those that are not.
    private final StringBuilder text = new StringBuilder();

    private final List<Edit> edits = new ArrayList<>();

    /// Place of the first character of `text`.
    private long base;

    private long decided;

    /// How long the text was when it was last looked at.
    private long looked;

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
        int held = now.length() - from;
        int until = last ? now.length() : open(now, from);
        boolean full = held > MOST_HELD;
        if (!last && !(full && until == from) && !isWorth(until - from, held)) {
            return;
        }
        looked = length();
        if (full && until == from) {
            until = now.length();
        }
        List<Told> all = found(now, from, until);
        if (!last) {
            until = beforeOpen(all, until, now.length());
        }
        if (full && until == from) {
            until = now.length();
            all = found(now, from, until);
        }
        decide(now, all, until);
        decided = base + until;
        int drop = Math.max(0, until - Guardrail.CONTEXT);
        text.delete(0, drop);
        base += drop;
    }

    /// Where the first finding may begin that is still open.
    private int open(String now, int from) {
        int until = now.length();
        for (Look look : looks) {
            until = Math.min(until, look.guardrail().openFrom(now));
        }
        return Math.max(from, until);
    }

    /// Whether so much is ready, and so much has come since the last look, that it pays to look.
    private boolean isWorth(int ready, int held) {
        int least = Math.max(0, (held - SMOOTH) / PART);
        return ready > least && length() - looked > least;
    }

    /// What begins before a place.
    private List<Told> found(String now, int from, int until) {
        List<Told> all = new ArrayList<>(0);
        for (Look look : looks) {
            for (Finding finding : look.guardrail().find(now, from, until)) {
                all.add(new Told(finding, look));
            }
        }
        return all;
    }

    /// What was found and may still grow, or is not decided as a whole, waits.
    private static int beforeOpen(List<Told> all, int until, int length) {
        List<Edit> found = new ArrayList<>(all.size());
        for (Told one : all) {
            Finding finding = one.finding();
            found.add(new Edit(finding.from(), finding.to(), finding.replacement()));
        }
        int least = until;
        for (Edit edit : Edit.apart(found)) {
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
