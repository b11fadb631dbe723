package dev.tidemill.cli.command;

import dev.tidemill.cli.cluster.ClusterView;
import dev.tidemill.cluster.Cluster;
import dev.tidemill.cluster.Fields;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Logs of pods, each line after its pod's name where there are several.
record ClusterLogs(Cluster cluster, int lines, PrintStream out) {
    void show(Optional<String> process, boolean follow) throws InterruptedException {
        List<Fields> pods = new ClusterView(cluster).pods(process);
        if (!follow) {
            for (Fields pod : pods) {
                cluster.log(cluster.namespace(), pod.name(), container(pod), lines, false)
                        .forEach(line -> print(pods, pod, line));
            }
            return;
        }
        List<Thread> threads = new ArrayList<>();
        for (Fields pod : pods) {
            threads.add(
                    Thread.ofVirtual()
                            .name("log-" + pod.name())
                            .start(() ->
                                    cluster.follow(
                                            cluster.namespace(),
                                            pod.name(),
                                            container(pod),
                                            lines,
                                            line -> print(pods, pod, line))));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private synchronized void print(List<Fields> pods, Fields pod, String line) {
        out.println(pods.size() == 1 ? line : pod.name() + "  " + line);
    }

    private static String container(Fields pod) {
        return pod.children("spec", "containers").getFirst().text("name");
    }
}
