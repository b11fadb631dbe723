package dev.tidemill.rehearsal.trace;

import dev.tidemill.rehearsal.trace.Times.Unreadable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The rows of a trace one after the other, in whatever layout they are. Values of the present row
/// are read from fields, because there may be hundreds of millions.
final class Rows {
    private enum Layout {
        UNKNOWN,
        SEPARATED,
        JSON,
        WEB_LOG
    }

    private static final double MOST = 1e15;
    private static final int MOST_NAMES = 1000;
    private static final Columns TIMES = Columns.ofWidth(1);

    private final Iterator<String> lines;
    private final TraceOptions options;
    private final Times times;
    private final Cells cells = new Cells();
    private final Map<String, Optional<Columns.Role>> roles = new HashMap<>();
    private Layout layout = Layout.UNKNOWN;
    private char separator = ',';
    private @Nullable Columns columns;
    private long line;
    private long others;
    private String text = "";
    private double at;
    private double count;
    private double prompt;
    private double output;
    private String jsonTime = "";
    private String jsonTimeName = "";
    private String jsonTokenName = "";
    private String jsonLogger = "";
    private String jsonPath = "";
    private String jsonBad = "";
    private String jsonModel = "";
    private double took = Double.NaN;

    Rows(Iterator<String> lines, TraceOptions options) {
        this.lines = lines;
        this.options = options;
        this.times = new Times(options.zone(), options.unit());
    }

    boolean next() {
        while (lines.hasNext()) {
            text = lines.next();
            line++;
            if (line == 1 && text.startsWith("\uFEFF")) {
                text = text.substring(1);
            }
            text = text.strip();
            if (!text.isEmpty() && text.charAt(0) != '#' && row()) {
                return true;
            }
        }
        return false;
    }

    long line() {
        return line;
    }

    /// Lines of a log that are about something else.
    long others() {
        return others;
    }

    double at() {
        return at;
    }

    double count() {
        return count;
    }

    double prompt() {
        return prompt;
    }

    double output() {
        return output;
    }

    /// Milliseconds; not-a-number when the row does not say.
    double took() {
        return took;
    }

    /// Whether rows are requests, each with its own time.
    boolean requests() {
        return columns == null || columns.requests();
    }

    boolean tokens() {
        return columns != null && columns.tokens();
    }

    boolean perSecond() {
        return columns != null && columns.perSecond();
    }

    Times times() {
        return times;
    }

    TraceException wrong(String expected) {
        return new TraceException(line, text, expected);
    }

    private boolean row() {
        if (layout == Layout.UNKNOWN && !begin()) {
            return false;
        }
        return switch (layout) {
            case JSON -> json();
            case WEB_LOG -> webLog();
            case SEPARATED, UNKNOWN -> separated();
        };
    }

    /// Finds out by the first line what the file is.
    ///
    /// @return false when that line was a header
    private boolean begin() {
        if (text.startsWith("{")) {
            layout = Layout.JSON;
            return true;
        }
        if (text.startsWith("[{") || text.equals("[")) {
            throw wrong("one JSON object a line instead of one array");
        }
        if (text.indexOf('\0') >= 0 || text.startsWith("PK") || text.startsWith("\u001f")) {
            throw wrong("text in UTF-8: rows of minute,count, JSON lines, an access log");
        }
        int bracket = text.indexOf('[');
        if (bracket >= 0 && text.matches(".*\\[\\d{1,2}/[A-Za-z]{3}/\\d{4}:.*")) {
            layout = Layout.WEB_LOG;
            return true;
        }
        layout = Layout.SEPARATED;
        separator = Cells.separator(text);
        split();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < cells.size(); i++) {
            names.add(cells.get(i));
        }
        if (Times.looksLikeTime(cells.get(0))) {
            columns = Columns.ofWidth(cells.size());
            return true;
        }
        columns = Columns.ofHeader(names);
        if (columns == null) {
            throw wrong(
                    "a header that names a time column, such as minute,count or timestamp,"
                            + "input_tokens,output_tokens, or a first row that begins with a time");
        }
        return false;
    }

    private void split() {
        if (!cells.split(text, separator)) {
            throw wrong("a quote that is closed on its line");
        }
    }

    private boolean separated() {
        Columns known = known();
        split();
        at = time(cells.get(known.time()), known);
        count =
                known.requests()
                        ? 1
                        : number(cells.get(known.count()), known.perSecond() ? "rate" : "count");
        prompt = known.prompt() < 0 ? 0 : number(cells.get(known.prompt()), "number of tokens");
        output = known.output() < 0 ? 0 : number(cells.get(known.output()), "number of tokens");
        took = known.took() < 0 ? Double.NaN : number(cells.get(known.took()), "duration");
        if (known.model() >= 0
                && !options.model().isEmpty()
                && !cells.get(known.model()).equals(options.model())) {
            others++;
            return false;
        }
        return true;
    }

    private Columns known() {
        Columns present = columns;
        if (present == null) {
            throw wrong("a row");
        }
        return present;
    }

    private boolean json() {
        jsonTime = "";
        jsonLogger = "";
        jsonPath = "";
        jsonBad = "";
        jsonModel = "";
        took = Double.NaN;
        count = Double.NaN;
        prompt = Double.NaN;
        output = Double.NaN;
        boolean rate = columns != null && columns.perSecond();
        boolean[] rated = {rate};
        if (!FlatJson.read(text, (key, value) -> field(key, value, rated))) {
            throw wrong("one whole JSON object a line");
        }
        if (!jsonLogger.isEmpty() && !jsonLogger.equals("access")) {
            others++;
            return false;
        }
        if (!options.model().isEmpty() && ofAnother()) {
            others++;
            return false;
        }
        if (!jsonBad.isEmpty()) {
            throw wrong(jsonBad);
        }
        if (jsonTime.isEmpty()) {
            throw wrong("a time under \"timestamp\" or \"time\"");
        }
        boolean tokens = !Double.isNaN(prompt) || !Double.isNaN(output);
        if (columns == null) {
            columns =
                    new Columns(
                            0,
                            Double.isNaN(count) ? -1 : 0,
                            rated[0],
                            tokens ? 0 : -1,
                            tokens ? 0 : -1,
                            -1,
                            -1,
                            Columns.stated(jsonTimeName),
                            Columns.usual(jsonTimeName, jsonTokenName));
        }
        if (columns.requests() == !Double.isNaN(count)) {
            throw wrong(columns.requests() ? "no count, as above" : "a \"count\", as above");
        }
        // Our access log is written when the answer has gone: the request came that much earlier.
        boolean whenItWent = !jsonLogger.isEmpty() && !Double.isNaN(took);
        at = time(jsonTime, known()) - (whenItWent ? took : 0);
        count = Double.isNaN(count) ? 1 : count;
        prompt = Double.isNaN(prompt) ? 0 : prompt;
        output = Double.isNaN(output) ? 0 : output;
        return true;
    }

    private void field(String key, String value, boolean[] rated) {
        Columns.Role role = role(key);
        if (role != null) {
            try {
                switch (role) {
                    case TIME -> {
                        jsonTime = value;
                        jsonTimeName = key;
                    }
                    case COUNT -> count = Double.isNaN(count) ? number(value, "count") : count;
                    case RATE -> {
                        count = number(value, "rate");
                        rated[0] = true;
                    }
                    case PROMPT -> {
                        prompt = number(value, "number of tokens");
                        jsonTokenName = key;
                    }
                    case OUTPUT -> {
                        output = number(value, "number of tokens");
                        jsonTokenName = key;
                    }
                    case TOOK -> took = number(value, "duration");
                    case MODEL -> jsonModel = value;
                }
            } catch (TraceException e) {
                jsonBad = "\"%s\" that is a number, not negative and not infinite".formatted(key);
            }
        } else if (key.equals("logger")) {
            jsonLogger = value;
        } else if (key.equals("path")) {
            jsonPath = value;
        }
    }

    /// What a name means takes longer to find out than all else of a row, and there are few names.
    private Columns.@Nullable Role role(String key) {
        Optional<Columns.Role> known = roles.get(key);
        if (known == null) {
            known = Optional.ofNullable(Columns.role(key));
            if (roles.size() < MOST_NAMES) {
                roles.put(key, known);
            }
        }
        return known.orElse(null);
    }

    private boolean ofAnother() {
        return jsonModel.isEmpty()
                ? !jsonPath.isEmpty() && !ofModel(jsonPath)
                : !jsonModel.equals(options.model());
    }

    private boolean ofModel(String path) {
        String model = options.model();
        return path.contains("/" + model + "/")
                || path.contains("/" + model + ":")
                || path.endsWith("/" + model);
    }

    private boolean webLog() {
        int open = text.indexOf('[');
        int close = text.indexOf(']', open + 1);
        if (open < 0 || close < 0) {
            throw wrong("a time such as [01/Jul/1995:00:00:01 -0400]");
        }
        if (!options.model().isEmpty() && !webPath(close)) {
            others++;
            return false;
        }
        at = time(text.substring(open + 1, close), TIMES);
        count = 1;
        took = Double.NaN;
        return true;
    }

    private boolean webPath(int close) {
        int open = text.indexOf('"', close);
        int end = open < 0 ? -1 : text.indexOf('"', open + 1);
        if (end < 0) {
            return false;
        }
        String[] words = text.substring(open + 1, end).split(" ", 3);
        return words.length > 1 && ofModel(words[1]);
    }

    private double time(String value, Columns known) {
        try {
            return times.millis(value, known);
        } catch (Unreadable e) {
            throw wrong(e.expected());
        }
    }

    private double number(String value, String what) {
        double number;
        try {
            number = Double.parseDouble(value);
        } catch (NumberFormatException _) {
            throw wrong("a " + what);
        }
        if (!(number >= 0) || number > MOST) {
            throw wrong("a " + what + " that is a number, not negative and not infinite");
        }
        return number;
    }
}
