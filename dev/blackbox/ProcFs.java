import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Processes as the operating system sees them.
final class ProcFs {
    private ProcFs() {}

    static boolean alive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    static void kill9(long pid) {
        signal("KILL", pid);
    }

    /// SIGINT as Ctrl-C sends it. A shell makes its background jobs ignore that signal, and what they
    /// start inherits it: such a process gets SIGTERM, which takes the same way out.
    static void interrupt(long pid) {
        boolean ignored = false;
        try {
            for (String line : Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status"))) {
                if (line.startsWith("SigIgn:")) {
                    ignored = (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 0b10) != 0;
                }
            }
        } catch (IOException e) {
            // No /proc on macOS: then it is Ctrl-C or a failed check.
        }
        if (ignored) {
            System.out.println("    SIGINT is ignored in this session: SIGTERM instead");
        }
        signal(ignored ? "TERM" : "INT", pid);
    }

    static void signal(String name, long pid) {
        output("kill", "-" + name, String.valueOf(pid));
    }

    /// Resident memory by `ps`, which Linux and macOS have.
    static long residentMebibytes(long pid) {
        return Long.parseLong(output("ps", "-o", "rss=", "-p", String.valueOf(pid)).strip()) / 1024;
    }

    private static String output(String... command) {
        try {
            Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
            return new String(process.getInputStream().readAllBytes());
        } catch (IOException e) {
            throw new IllegalStateException(String.join(" ", command), e);
        }
    }
}
