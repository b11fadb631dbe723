package dev.tidemill.cli.up;

import dev.tidemill.cli.state.RunNote;
import dev.tidemill.cli.state.StateFolder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Ends children that outlived an `up` which was killed. They notice by themselves (their input
/// ends) and drain; this waits for that, then insists.
final class Leftovers {
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private Leftovers() {}

    /// Those that the last note names and that still run.
    static List<ProcessHandle> alive(StateFolder state) {
        return state.note().map(RunNote::children).orElse(List.of()).stream()
                .map(RunNote.Child::alive)
                .flatMap(Optional::stream)
                .toList();
    }

    /// Called with the folder's lock held, so nobody else's children can be meant.
    static void end(StateFolder state, Narrator narrator) {
        List<ProcessHandle> alive = alive(state);
        if (alive.isEmpty()) {
            return;
        }
        narrator.say("tidemill", "ending " + alive.size() + " processes that outlived the last up");
        for (ProcessHandle handle : alive) {
            if (!gone(handle, PATIENCE)) {
                handle.destroy();
                if (!gone(handle, PATIENCE)) {
                    handle.destroyForcibly();
                    gone(handle, PATIENCE);
                }
            }
        }
    }

    private static boolean gone(ProcessHandle handle, Duration limit) {
        try {
            handle.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            return !handle.isAlive();
        }
    }
}
