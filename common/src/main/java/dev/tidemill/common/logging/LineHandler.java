package dev.tidemill.common.logging;

import java.io.PrintStream;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/// Writes each record as a line.
final class LineHandler extends Handler {
    /// Reports what a client sent wrong, such as a message that is too long, as a failure of the
    /// server with a stack trace. The client gets its status; anybody could fill the log with it.
    private static final String GRPC_CLIENTS_MISTAKES = "io.grpc.netty.NettyServerStream";

    private final PrintStream out;

    LineHandler(Formatter formatter, PrintStream out) {
        this.out = out;
        setFormatter(formatter);
    }

    @Override
    public void publish(LogRecord record) {
        if (isLoggable(record) && !GRPC_CLIENTS_MISTAKES.equals(record.getLoggerName())) {
            out.println(getFormatter().format(record));
        }
    }

    @Override
    public void flush() {
        out.flush();
    }

    @Override
    public void close() {
        flush();
    }
}
