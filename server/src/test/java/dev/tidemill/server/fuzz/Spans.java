package dev.tidemill.server.fuzz;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;

/// Where the strings, words, numbers and brackets of a document are, as far as one can tell.
final class Spans {
    private static final int MAX = 2_000;

    private final byte[] bytes;
    private final List<int[]> all = new ArrayList<>();
    private final int[] endByStart;

    private Spans(byte[] bytes) {
        this.bytes = bytes;
        this.endByStart = new int[bytes.length + 1];
    }

    static Spans of(byte[] bytes) {
        Spans spans = new Spans(bytes);
        spans.find();
        return spans;
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    int[] any(SplittableRandom random) {
        return all.get(random.nextInt(all.size()));
    }

    /// A key goes with its value.
    int[] member(int[] span) {
        int after = skipSpace(span[1]);
        int value = skipSpace(after < bytes.length && bytes[after] == ':' ? after + 1 : after);
        boolean isKey = value > after || (after < bytes.length && bytes[after] == '{');
        return isKey && endByStart[value] > value ? new int[] {span[0], endByStart[value]} : span;
    }

    /// Where a member ends together with the comma behind it.
    int withSeparator(int[] member) {
        int after = skipSpace(member[1]);
        return after < bytes.length && bytes[after] == ',' ? after + 1 : member[1];
    }

    private void find() {
        Deque<Integer> open = new ArrayDeque<>();
        int at = 0;
        while (at < bytes.length && all.size() < MAX) {
            byte c = bytes[at];
            if (c == '"') {
                at = add(at, endOfString(at));
            } else if (c == '[' || c == '{') {
                open.push(at++);
            } else if (c == ']' || c == '}') {
                at++;
                if (!open.isEmpty()) {
                    add(open.pop(), at);
                }
            } else if (isWord(c)) {
                int end = at + 1;
                while (end < bytes.length && isWord(bytes[end])) {
                    end++;
                }
                at = add(at, end);
            } else {
                at++;
            }
        }
    }

    private int add(int from, int to) {
        all.add(new int[] {from, to});
        endByStart[from] = to;
        return to;
    }

    private int endOfString(int from) {
        int at = from + 1;
        while (at < bytes.length && bytes[at] != '"') {
            at += bytes[at] == '\\' ? 2 : 1;
        }
        return Math.min(at + 1, bytes.length);
    }

    private int skipSpace(int from) {
        int at = from;
        while (at < bytes.length && (bytes[at] == ' ' || bytes[at] == '\n')) {
            at++;
        }
        return at;
    }

    private static boolean isWord(byte c) {
        return (c >= '0' && c <= '9')
                || (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || c == '_'
                || c == '-'
                || c == '+'
                || c == '.';
    }
}
