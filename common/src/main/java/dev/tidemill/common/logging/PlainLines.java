package dev.tidemill.common.logging;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// Formats log records for people: `time level message`, a stack trace below where there is one. A
/// [Map] as the record's only parameter adds its entries as `key=value`.
public final class PlainLines extends Formatter {
    private final DateTimeFormatter time;

    public PlainLines(ZoneId zone) {
        this.time = DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(zone);
    }

    /// Makes this the only format of the JVM's logging, to `out`. Called once, by a process's main.
    public static void install(ZoneId zone, PrintStream out) {
        Logger root = LogManager.getLogManager().getLogger("");
        for (Handler old : root.getHandlers()) {
            root.removeHandler(old);
        }
        root.addHandler(new LineHandler(new PlainLines(zone), out));
        root.setLevel(Level.INFO);
    }

    @Override
    public String format(LogRecord record) {
        StringBuilder line =
                new StringBuilder(time.format(record.getInstant()))
                        .append(' ')
                        .append("%-7s".formatted(record.getLevel().getName()))
                        .append(' ')
                        .append(formatMessage(record).replace("\n", "\n    "));
        if (record.getParameters() != null
                && record.getParameters().length == 1
                && record.getParameters()[0] instanceof Map<?, ?> fields) {
            fields.forEach((key, value) -> line.append(' ').append(key).append('=').append(value));
        }
        if (record.getThrown() != null) {
            StringWriter trace = new StringWriter();
            record.getThrown().printStackTrace(new PrintWriter(trace));
            line.append('\n').append(trace.toString().stripTrailing());
        }
        return line.toString();
    }
}
