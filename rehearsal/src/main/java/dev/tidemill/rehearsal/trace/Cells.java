package dev.tidemill.rehearsal.trace;

/// The cells of a line of separated values: commas, semicolons or tabs, quoted or not. Used again
/// for every line.
final class Cells {
    private static final int MOST = 256;

    private final String[] cells = new String[MOST];
    private int size;

    /// Which of the usual characters separates this line.
    static char separator(String line) {
        for (char candidate : new char[] {',', ';', '\t'}) {
            if (line.indexOf(candidate) >= 0) {
                return candidate;
            }
        }
        return ',';
    }

    /// @return false when a quote is never closed
    boolean split(String line, char separator) {
        size = 0;
        int at = 0;
        while (size < MOST) {
            int end;
            int start = at;
            while (start < line.length() && line.charAt(start) == ' ') {
                start++;
            }
            if (start < line.length() && line.charAt(start) == '"') {
                int close = close(line, start + 1);
                if (close < 0) {
                    return false;
                }
                cells[size++] = line.substring(start + 1, close).replace("\"\"", "\"").strip();
                end = line.indexOf(separator, close + 1);
            } else {
                end = line.indexOf(separator, at);
                cells[size++] = line.substring(at, end < 0 ? line.length() : end).strip();
            }
            if (end < 0) {
                return true;
            }
            at = end + 1;
        }
        return true;
    }

    int size() {
        return size;
    }

    /// @return empty when the line has no such cell
    String get(int column) {
        return column >= 0 && column < size ? cells[column] : "";
    }

    private static int close(String line, int from) {
        int at = from;
        while (at < line.length()) {
            if (line.charAt(at) == '"') {
                if (at + 1 < line.length() && line.charAt(at + 1) == '"') {
                    at++;
                } else {
                    return at;
                }
            }
            at++;
        }
        return -1;
    }
}
