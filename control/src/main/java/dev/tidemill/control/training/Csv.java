package dev.tidemill.control.training;

import dev.tidemill.common.Problem;
import dev.tidemill.common.Problems;
import java.util.ArrayList;
import java.util.List;

/// Reads RFC 4180: commas, `"` quotes doubled inside quotes, CRLF or LF. Pure.
final class Csv {
    private static final int MOST_PROBLEMS = 20;

    private final String file;
    private final String text;
    private final Problems problems = new Problems();
    private int position;
    private int line = 1;

    private Csv(String file, String text) {
        this.file = file;
        this.text = text;
    }

    /// One record and the line it begins on.
    record Row(int line, List<String> cells) {
        Row {
            cells = List.copyOf(cells);
        }
    }

    /// @param header names of the columns
    record Table(List<String> header, List<Row> rows) {
        Table {
            header = List.copyOf(header);
            rows = List.copyOf(rows);
        }
    }

    /// @throws dev.tidemill.common.TidemillException with the first problems, each with its line
    static Table parse(String file, String text) {
        Csv csv = new Csv(file, text.startsWith("\ufeff") ? text.substring(1) : text);
        List<Row> rows = csv.rows();
        if (rows.isEmpty()) {
            csv.problem(1, "header", "empty", "a line with the names of the columns");
        }
        csv.problems.throwIfAny();
        Row header = rows.getFirst();
        List<Row> body = rows.subList(1, rows.size());
        for (Row row : body) {
            if (row.cells().size() != header.cells().size()) {
                csv.problem(
                        row.line(),
                        "columns",
                        String.valueOf(row.cells().size()),
                        "as many as the header has, " + header.cells().size());
            }
        }
        csv.problems.throwIfAny();
        return new Table(header.cells(), body);
    }

    private List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        while (position < text.length() && problems.list().size() < MOST_PROBLEMS) {
            int start = line;
            List<String> cells = cells();
            if (cells.size() > 1 || !cells.getFirst().isEmpty()) {
                rows.add(new Row(start, cells));
            }
        }
        return rows;
    }

    private List<String> cells() {
        List<String> cells = new ArrayList<>();
        while (true) {
            cells.add(
                    position < text.length() && text.charAt(position) == '"' ? quoted() : plain());
            if (position < text.length() && text.charAt(position) == ',') {
                position++;
                continue;
            }
            endOfLine();
            return cells;
        }
    }

    private String plain() {
        int start = position;
        while (position < text.length() && ",\r\n".indexOf(text.charAt(position)) < 0) {
            position++;
        }
        return text.substring(start, position);
    }

    private String quoted() {
        int start = line;
        StringBuilder cell = new StringBuilder();
        position++;
        while (position < text.length()) {
            char c = text.charAt(position++);
            if (c == '\n') {
                line++;
            }
            if (c != '"') {
                cell.append(c);
            } else if (position < text.length() && text.charAt(position) == '"') {
                cell.append('"');
                position++;
            } else {
                String rest = plain();
                if (!rest.isEmpty()) {
                    problem(line, "text after a quote", rest, "a comma or the end of the line");
                }
                return cell.toString();
            }
        }
        problem(start, "quote", "not closed", "a closing \"");
        return cell.toString();
    }

    private void endOfLine() {
        if (position < text.length() && text.charAt(position) == '\r') {
            position++;
        }
        if (position < text.length() && text.charAt(position) == '\n') {
            position++;
            line++;
        }
    }

    private void problem(int at, String path, String value, String expected) {
        if (problems.list().size() < MOST_PROBLEMS) {
            problems.add(new Problem(file + ":" + at, path, value, expected));
        }
    }
}
