package dev.tidemill.cli.up;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.tidemill.cli.process.JavaCommand;
import dev.tidemill.cli.state.StateFolder;
import dev.tidemill.cli.state.StateFolder.FolderLock;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.spec.Resource;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/// Runs `up` in this process, from the checks to the last child's end.
public final class UpRunner {
    private final StateFolder state;
    private final Path file;
    private final PrintStream out;
    private final InstantSource clock;
    private final ZoneId zone;

    public UpRunner(
            StateFolder state, Path file, PrintStream out, InstantSource clock, ZoneId zone) {
        this.state = state;
        this.file = file.toAbsolutePath().normalize();
        this.out = out;
        this.clock = clock;
        this.zone = zone;
    }

    /// Everything that is wrong with the file and this machine, without touching anything. What a
    /// killed `up` left behind still holds its port, so in that case only the text is checked, and
    /// [#run] asks the machine after it has ended them.
    ///
    /// @throws TidemillException with all problems, or because another `up` uses the folder
    public void check() {
        refuseSecond();
        if (Leftovers.alive(state).isEmpty()) {
            checkAll();
        } else {
            SpecFile.parse(file);
        }
    }

    private void refuseSecond() {
        RunningUp.in(state)
                .ifPresent(running -> {
                    throw alreadyRuns(running.note().pid());
                });
    }

    @CanIgnoreReturnValue
    private List<Resource> checkAll() {
        Path parent = file.getParent();
        LocalMachine machine =
                new LocalMachine(parent == null ? Path.of("/") : parent, state.root());
        return SpecFile.check(file, machine, !Files.exists(state.postmasterPid().getParent()));
    }

    /// Blocks until it is told to stop.
    ///
    /// @param launchedMillis wall clock when the launcher began, for the time line
    /// @param screen whether to draw a live table instead of printing lines
    /// @return the exit code: 0 after an orderly stop, 1 when it could not start
    public int run(Properties system, long launchedMillis, boolean screen) {
        refuseSecond();
        Optional<FolderLock> lock = state.tryLock();
        if (lock.isEmpty()) {
            throw alreadyRuns(state.note().map(note -> note.pid()).orElse(0L));
        }
        try (FolderLock held = lock.get()) {
            return hold(held, system, launchedMillis, screen);
        }
    }

    private int hold(FolderLock lock, Properties system, long launchedMillis, boolean screen) {
        LinePrinter lines = new LinePrinter(out, clock, zone);
        Decisions decisions = new Decisions(clock, lines);
        Leftovers.end(state, decisions);
        List<Resource> resources = checkAll();
        UpSession session =
                new UpSession(
                        Deployment.of(file, resources),
                        resources,
                        state,
                        JavaCommand.of(system),
                        decisions,
                        clock,
                        System::nanoTime,
                        new TimeLine(launchedMillis),
                        CommandSocket.bind(state.run()));
        Thread hook = Thread.ofPlatform().name("stop").unstarted(session::stop);
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            session.start();
        } catch (StartFailure | RuntimeException e) {
            boolean asked = session.isStopping();
            session.stop();
            if (!asked) {
                out.println(e.getMessage() == null ? e.toString() : e.getMessage());
            }
            return asked ? 0 : 1;
        }
        decisions.say(
                "tidemill",
                "ready at "
                        + session.gatewayUrl()
                        + session.grpcAddress().map(address -> ", gRPC at " + address).orElse(""));
        decisions.say("tidemill", session.timeLine().toString());
        if (screen) {
            new Screen(out, clock, zone).draw(session);
        }
        session.awaitStop();
        return lock.channel().isOpen() ? 0 : 1;
    }

    private TidemillException alreadyRuns(long pid) {
        return new TidemillException(
                ErrorCode.CONFLICT,
                "data folder: '%s' (expected: one that no other up uses; pid %d does: 'tidemill down' stops it, '--data DIR' picks another)"
                        .formatted(state.root(), pid));
    }
}
