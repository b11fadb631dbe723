package dev.tidemill.cli.state;

import java.time.Instant;
import java.util.List;

/// What `run/up.json` says of the `up` that uses the folder.
///
/// @param state `starting`, `ready` or `stopping`
/// @param socket path of its command socket
/// @param gateway address of the gateway
/// @param children every child process, so that the next `up` can end those that outlived a kill
public record RunNote(
        long pid,
        Instant started,
        String state,
        String socket,
        String gateway,
        List<Child> children) {
    public RunNote {
        children = List.copyOf(children);
    }

    /// @param started when the operating system says it was started, so that a reused pid is not
    ///   mistaken for ours; empty where it does not say
    public record Child(String name, long pid, String started) {
        public static Child of(String name, ProcessHandle handle) {
            return new Child(name, handle.pid(), startOf(handle));
        }

        /// The process, if it is still the one that was noted.
        public java.util.Optional<ProcessHandle> alive() {
            return ProcessHandle.of(pid)
                    .filter(ProcessHandle::isAlive)
                    .filter(handle -> startOf(handle).equals(started));
        }

        private static String startOf(ProcessHandle handle) {
            return handle.info().startInstant().map(Instant::toString).orElse("");
        }
    }
}
