package dev.tidemill.cli.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.cli.state.RunNote;
import dev.tidemill.cli.state.StateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CommandSocketIT {
    @TempDir private Path folder;
    private StateFolder state;
    private CommandSocket socket;

    @BeforeEach
    void start() throws IOException {
        state = new StateFolder(folder);
        state.create();
        socket = CommandSocket.bind(state.run());
        socket.serve(
                line -> line.contains("bad") ? "{\"error\":\"no\"}" : "{\"got\":" + line + "}");
        state.write(note(ProcessHandle.current().pid()));
    }

    @AfterEach
    void stop() {
        socket.close();
    }

    @Test
    void another_command_finds_the_running_up_and_gets_its_answer() {
        RunningUp running = RunningUp.in(state).orElseThrow();
        assertThat(running.ask(Map.of("command", "status")).path("got").path("command").asString())
                .isEqualTo("status");
    }

    @Test
    void a_refusal_is_an_exception_with_its_words() {
        RunningUp running = RunningUp.in(state).orElseThrow();
        assertThatThrownBy(() -> running.ask(Map.of("command", "bad"))).hasMessage("no");
    }

    @Test
    void only_its_user_may_open_the_socket() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.path())))
                .isEqualTo("rw-------");
    }

    @Test
    void a_folder_with_a_path_too_long_for_a_socket_gets_one_elsewhere() {
        try (CommandSocket far = CommandSocket.bind(folder.resolve("x".repeat(120)))) {
            assertThat(far.path().toString().length()).isLessThan(100);
        }
    }

    @Test
    void the_note_of_an_up_that_was_killed_is_not_a_running_up() {
        state.write(note(999_999_999));
        assertThat(RunningUp.in(state)).isEmpty();
    }

    @Test
    void a_folder_is_locked_by_one_at_a_time() {
        try (StateFolder.FolderLock _ = state.tryLock().orElseThrow()) {
            assertThat(state.tryLock()).isEmpty();
        }
        assertThat(state.tryLock()).isPresent();
    }

    private RunNote note(long pid) {
        return new RunNote(
                pid, Instant.EPOCH, "ready", socket.path().toString(), "http://x", List.of());
    }
}
