package dev.tidemill.cli.command;

import dev.tidemill.cli.state.StateFolder;
import dev.tidemill.cli.up.RunningUp;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "down",
        description = "Stop what up started: finish what is in flight, leave no process.")
final class DownCommand implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Mixin private DataOption data = new DataOption();

    private final PrintStream out;

    DownCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        StateFolder state = data.folder();
        Optional<RunningUp> running = RunningUp.in(state);
        if (running.isEmpty()) {
            out.println("nothing runs on " + state.root());
            return 0;
        }
        long pid = running.get().note().pid();
        Optional<ProcessHandle> up = ProcessHandle.of(pid);
        running.get().ask(Map.of("command", "down"));
        up.ifPresent(handle -> await(handle, pid));
        out.println("stopped");
        return 0;
    }

    private static void await(ProcessHandle handle, long pid) {
        try {
            handle.onExit().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new TidemillException(
                    ErrorCode.DEADLINE_EXCEEDED,
                    "up (pid %d): 'still running' (expected: stopped within %d s)"
                            .formatted(pid, LIMIT.toSeconds()),
                    e);
        }
    }
}
