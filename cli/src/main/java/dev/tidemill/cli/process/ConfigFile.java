package dev.tidemill.cli.process;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A file in the place of a supervisor, for a role that runs alone: its JSON is the first line of
/// the role's input and, whenever it is another one, a later line. The input never ends; a signal
/// ends the process.
public final class ConfigFile {
    private static final System.Logger LOGGER = System.getLogger(ConfigFile.class.getName());
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int BUFFER = 1 << 20;
    private static final Duration PERIOD = Duration.ofMillis(500);

    private final Path file;
    private final UnaryOperator<JsonNode> change;

    /// @param change what is done to the JSON before it is handed on, each time that the file is
    ///   looked at
    public ConfigFile(Path file, UnaryOperator<JsonNode> change) {
        this.file = file;
        this.change = change;
    }

    /// The role's input, kept up to date by a daemon thread.
    ///
    /// @throws TidemillException `INVALID_REQUEST` when the file is no JSON now
    public InputStream follow() {
        String first = line();
        try {
            PipedInputStream in = new PipedInputStream(BUFFER);
            PipedOutputStream out = new PipedOutputStream(in);
            Thread.ofPlatform().daemon().name("config-file").start(() -> write(out, first));
            return in;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private void write(PipedOutputStream out, String first) {
        try (out) {
            String last = first;
            send(out, first);
            while (true) {
                Thread.sleep(PERIOD);
                String now = lineOr(last);
                if (!now.equals(last)) {
                    send(out, now);
                    last = now;
                }
            }
        } catch (IOException e) {
            // Nobody reads any more: the process is about to end.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(PipedOutputStream out, String line) throws IOException {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /// A file that is wrong for a moment, or for longer, changes nothing.
    private String lineOr(String last) {
        try {
            return line();
        } catch (TidemillException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "configuration", e);
            return last;
        }
    }

    String line() {
        try {
            return JSON.writeValueAsString(change.apply(JSON.readTree(Files.readString(file))));
        } catch (IOException | JacksonException e) {
            throw unreadable(e);
        }
    }

    private TidemillException unreadable(Exception why) {
        return new TidemillException(
                ErrorCode.INVALID_REQUEST,
                "--config: '%s' (expected: a readable file of JSON)".formatted(file),
                why);
    }
}
