package dev.tidemill.cli.command;

import dev.tidemill.cli.state.StateFolder;
import dev.tidemill.cluster.Cluster;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "logs", description = "Show the processes' logs.")
final class LogsCommand implements Callable<Integer> {
    private static final Duration POLL = Duration.ofMillis(200);

    @Mixin private DataOption data = new DataOption();

    @Mixin private OnCluster on = new OnCluster();

    @Parameters(
            arity = "0..1",
            paramLabel = "PROCESS",
            description = "A name from 'tidemill status'. Default: all.")
    private @Nullable String process;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            description = "Last lines of each. Default: 50.")
    private int lines = 50;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with new lines until Ctrl-C.")
    private boolean follow;

    private final PrintStream out;

    LogsCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (on.isMeant()) {
            try (Cluster cluster = on.open()) {
                new ClusterLogs(cluster, lines, out).show(Optional.ofNullable(process), follow);
            }
            return 0;
        }
        List<Path> files = files(data.folder());
        Map<Path, Long> shown = new HashMap<>();
        for (Path file : files) {
            shown.put(file, Files.size(file));
            List<String> all = Files.readAllLines(file);
            all.subList(Math.max(0, all.size() - lines), all.size())
                    .forEach(line -> print(files, file, line));
        }
        while (follow) {
            for (Path file : files) {
                shown.put(file, rest(files, file, shown.getOrDefault(file, 0L)));
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
        return 0;
    }

    private List<Path> files(StateFolder state) throws IOException {
        if (!Files.isDirectory(state.logs())) {
            throw new TidemillException(
                    ErrorCode.NOT_FOUND,
                    "logs: '%s' (expected: a data folder that an up has used)"
                            .formatted(state.logs()));
        }
        try (Stream<Path> all = Files.list(state.logs())) {
            List<Path> logs =
                    all.filter(file -> file.toString().endsWith(".log")).sorted().toList();
            if (process == null) {
                return logs;
            }
            Path one = state.log(process);
            if (!logs.contains(one)) {
                throw new TidemillException(
                        ErrorCode.NOT_FOUND,
                        "process: '%s' (expected: one of %s)"
                                .formatted(
                                        process,
                                        logs.stream()
                                                .map(LogsCommand::name)
                                                .collect(Collectors.joining(", "))));
            }
            return List.of(one);
        }
    }

    private long rest(List<Path> files, Path file, long from) throws IOException {
        long size = Files.exists(file) ? Files.size(file) : 0;
        if (size == from) {
            return from;
        }
        // A smaller file was rotated: its new content begins at 0.
        long start = size < from ? 0 : from;
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            channel.position(start);
            ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(size - start, 1 << 20));
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                // A channel may give less than it is asked for.
            }
            buffer.flip();
            String text = StandardCharsets.UTF_8.decode(buffer).toString();
            int end = text.lastIndexOf('\n') + 1;
            text.substring(0, end).lines().forEach(line -> print(files, file, line));
            return start + text.substring(0, end).getBytes(StandardCharsets.UTF_8).length;
        }
    }

    private void print(List<Path> files, Path file, String line) {
        out.println(files.size() == 1 ? line : name(file) + "  " + line);
    }

    private static String name(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.length() - ".log".length());
    }
}
