package dev.tidemill.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.cluster.rollout.PodTroubles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/// Clients in a pod of the cluster, who ask the gateway's Service all the time: as load comes on
/// any cluster, whose Services nobody outside can reach.
final class LoadPod implements AutoCloseable {
    /// What came of it.
    record Count(long right, long failed, long slowestMillis, String last) {}

    private static final Pattern LINE =
            Pattern.compile("right=(\\d+) failed=(\\d+) slowest=(\\d+) last=(.*)");
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(300);
    private static final long GOES_ON = 50;
    private static final String URL = "http://gateway:8080/v2/models/digits/infer";

    private final RealCluster real;
    private final ClassPod pod;
    private long excused;

    private LoadPod(RealCluster real, ClassPod pod) {
        this.real = real;
        this.pod = pod;
    }

    /// Asks for the digit of the quickstart; returns when the first answers are there.
    static LoadPod start(RealCluster real, String name, String image) throws IOException {
        return start(real, name, image, URL);
    }

    /// One client alone, who pauses as the others do: for what takes minutes on a small node.
    static LoadPod startOne(RealCluster real, String name, String image) throws IOException {
        return start(real, name, image, URL, 1);
    }

    static LoadPod start(RealCluster real, String name, String image, String url)
            throws IOException {
        return start(real, name, image, url, 4);
    }

    private static LoadPod start(
            RealCluster real, String name, String image, String url, int clients)
            throws IOException {
        String body = Files.readString(Path.of("..", "examples", "quickstart", "seven.json"));
        LoadPod load =
                new LoadPod(
                        real,
                        new ClassPod(
                                real,
                                name,
                                image,
                                ConstantLoad.class,
                                Map.of("body.json", body),
                                List.of(
                                        url,
                                        ClassPod.FOLDER + "/body.json",
                                        "\"7\"",
                                        String.valueOf(clients))));
        load.await("the first right answers under load", count -> count.right() > 20);
        return load;
    }

    Count count() {
        List<String> lines = pod.log(1);
        Matcher line = LINE.matcher(lines.isEmpty() ? "" : lines.getLast());
        return line.matches()
                ? new Count(
                        Long.parseLong(line.group(1)),
                        Long.parseLong(line.group(2)),
                        Long.parseLong(line.group(3)),
                        line.group(4))
                : new Count(0, 0, 0, String.join("\n", lines));
    }

    /// Waits for so many more right answers, and wants none that failed, ever.
    void goesOnWithoutAFailure(String meanwhile) {
        Count count = goesOn(meanwhile);
        assertThat(count.failed() - excused).as("%s: %s", meanwhile, count.last()).isZero();
    }

    /// Where some may fail: those are not counted from here on.
    ///
    /// @return how many they were
    long excuse(String meanwhile) {
        Count count = goesOn(meanwhile);
        long more = count.failed() - excused;
        excused = count.failed();
        return more;
    }

    private Count goesOn(String meanwhile) {
        long before = count().right();
        await("more right answers while " + meanwhile, count -> count.right() > before + GOES_ON);
        Count count = count();
        Waits.say("load, %s: %s", meanwhile, count);
        return count;
    }

    private void await(String what, Predicate<Count> wanted) {
        Awaitility.await(what)
                .atMost(LIMIT)
                .pollInterval(POLL)
                .failFast(
                        "load ended: " + pod.pod().name(),
                        () ->
                                real.client()
                                        .get(pod.pod())
                                        .filter(p -> PodTroubles.crashed(p).isPresent())
                                        .isPresent())
                .until(this::count, wanted);
    }

    @Override
    public void close() {
        pod.close();
    }
}
