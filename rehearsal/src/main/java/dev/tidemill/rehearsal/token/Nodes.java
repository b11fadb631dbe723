package dev.tidemill.rehearsal.token;

import java.util.ArrayList;
import java.util.List;

/// Machines that replicas sit on: a replica without a place waits for a new one.
final class Nodes {
    private final int each;
    private final double startSeconds;
    private final List<double[]> nodes = new ArrayList<>();
    private int paid;

    Nodes(int each, double startSeconds) {
        this.each = each;
        this.startSeconds = startSeconds;
    }

    /// @return the node with the most replicas that has room, else a new one; -1 without nodes
    int place(double now, boolean atOnce) {
        if (each == 0) {
            return -1;
        }
        int best = -1;
        for (int i = 0; i < nodes.size(); i++) {
            double[] node = nodes.get(i);
            if (node[0] > 0 && node[0] < each && (best < 0 || node[0] > nodes.get(best)[0])) {
                best = i;
            }
        }
        if (best < 0) {
            best = free();
            nodes.get(best)[1] = atOnce ? now : now + startSeconds;
            paid++;
        }
        nodes.get(best)[0]++;
        return best;
    }

    private int free() {
        for (int i = 0; i < nodes.size(); i++) {
            if (nodes.get(i)[0] == 0) {
                return i;
            }
        }
        nodes.add(new double[2]);
        return nodes.size() - 1;
    }

    double readyAt(int node) {
        return node < 0 ? Double.NEGATIVE_INFINITY : nodes.get(node)[1];
    }

    void leave(int node) {
        if (node >= 0 && --nodes.get(node)[0] == 0) {
            paid--;
        }
    }

    int paid() {
        return paid;
    }
}
