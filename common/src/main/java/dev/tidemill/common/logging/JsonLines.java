package dev.tidemill.common.logging;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// Formats log records as one JSON object a line: `time`, `level`, `process`, `logger`, `message`
/// and `error` (a stack trace). A [Map] as the record's only parameter adds its entries as fields.
public final class JsonLines extends Formatter {
    private final String process;

    public JsonLines(String process) {
        this.process = process;
    }

    /// Makes this the only format of the JVM's logging, to `out`. Called once, by a process's main.
    public static void install(String process, PrintStream out) {
        Logger root = LogManager.getLogManager().getLogger("");
        for (Handler old : root.getHandlers()) {
            root.removeHandler(old);
        }
        root.addHandler(new LineHandler(new JsonLines(process), out));
        root.setLevel(Level.INFO);
    }

    @Override
    public String format(LogRecord record) {
        StringBuilder line = new StringBuilder(256);
        line.append("{\"time\":\"").append(record.getInstant()).append('"');
        field(line, "level", record.getLevel().getName());
        field(line, "process", process);
        field(line, "logger", String.valueOf(record.getLoggerName()));
        field(line, "message", formatMessage(record));
        if (record.getParameters() != null
                && record.getParameters().length == 1
                && record.getParameters()[0] instanceof Map<?, ?> fields) {
            fields.forEach((key, value) -> field(line, String.valueOf(key), value));
        }
        if (record.getThrown() != null) {
            StringWriter trace = new StringWriter();
            record.getThrown().printStackTrace(new PrintWriter(trace));
            field(line, "error", trace.toString());
        }
        return line.append('}').toString();
    }

    private static void field(StringBuilder line, String name, Object value) {
        line.append(",\"");
        escape(line, name);
        line.append("\":");
        if (value instanceof Number || value instanceof Boolean) {
            line.append(value);
        } else {
            line.append('"');
            escape(line, String.valueOf(value));
            line.append('"');
        }
    }

    private static void escape(StringBuilder line, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> line.append("\\\"");
                case '\\' -> line.append("\\\\");
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> {
                    if (c < 0x20) {
                        line.append(String.format("\\u%04x", (int) c));
                    } else {
                        line.append(c);
                    }
                }
            }
        }
    }
}
