package dev.tidemill.cli.up;

import dev.tidemill.cli.state.RunNote;
import dev.tidemill.cli.state.StateFolder;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The `up` that runs on a data folder, seen from another command.
public final class RunningUp {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final RunNote note;

    private RunningUp(RunNote note) {
        this.note = note;
    }

    /// Empty when none runs there, also after one was killed.
    public static Optional<RunningUp> in(StateFolder state) {
        return state.note()
                .filter(n -> ProcessHandle.of(n.pid()).filter(ProcessHandle::isAlive).isPresent())
                .filter(n -> Files.exists(Path.of(n.socket())))
                .map(RunningUp::new);
    }

    public RunNote note() {
        return note;
    }

    /// Sends one command and returns the answer.
    ///
    /// @throws TidemillException with the supervisor's words when it refuses, `UNAVAILABLE` when it
    ///   does not answer
    public JsonNode ask(Map<String, Object> command) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(note.socket()));
            BufferedWriter out =
                    new BufferedWriter(Channels.newWriter(channel, StandardCharsets.UTF_8));
            out.write(JSON.writeValueAsString(command));
            out.newLine();
            out.flush();
            BufferedReader in =
                    new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
            String line = in.readLine();
            if (line == null) {
                throw new IOException("no answer");
            }
            JsonNode answer = JSON.readTree(line);
            if (answer.has("error")) {
                throw new TidemillException(
                        ErrorCode.INVALID_REQUEST, answer.path("error").asString(""));
            }
            return answer;
        } catch (IOException e) {
            throw new TidemillException(
                    ErrorCode.UNAVAILABLE,
                    "up (pid %d) does not answer: %s".formatted(note.pid(), e.getMessage()),
                    e);
        }
    }
}
