package dev.tidemill.rehearsal.slot;

import java.util.Arrays;

/// Requests that are somewhere on a replica, the one that is done first on top.
final class Running {
    private double[] done = new double[256];
    private double[] arrived = new double[256];
    private double[] began = new double[256];
    private int[] replica = new int[256];
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    double firstDone() {
        return size == 0 ? Double.POSITIVE_INFINITY : done[0];
    }

    double firstArrived() {
        return arrived[0];
    }

    double firstBegan() {
        return began[0];
    }

    int firstReplica() {
        return replica[0];
    }

    void add(double end, double came, double start, int on) {
        if (size == done.length) {
            grow();
        }
        int at = size++;
        while (at > 0) {
            int parent = (at - 1) / 2;
            if (done[parent] <= end) {
                break;
            }
            move(parent, at);
            at = parent;
        }
        put(at, end, came, start, on);
    }

    void drop() {
        size--;
        if (size > 0) {
            sink(0, done[size], arrived[size], began[size], replica[size]);
        }
    }

    /// Ends at that moment whatever would be longer on a replica that goes.
    ///
    /// @param cut is told of each
    void end(int on, double moment, Cut cut) {
        for (int i = 0; i < size; i++) {
            if (replica[i] == on && done[i] > moment) {
                cut.cut(arrived[i], began[i]);
                done[i] = moment;
                began[i] = Math.min(began[i], moment);
            }
        }
        for (int i = size / 2 - 1; i >= 0; i--) {
            sink(i, done[i], arrived[i], began[i], replica[i]);
        }
    }

    /// Is told of a request whose replica did not wait for it.
    interface Cut {
        void cut(double arrived, double began);
    }

    private void sink(int from, double end, double came, double start, int on) {
        int at = from;
        int child;
        while ((child = 2 * at + 1) < size) {
            if (child + 1 < size && done[child + 1] < done[child]) {
                child++;
            }
            if (done[child] >= end) {
                break;
            }
            move(child, at);
            at = child;
        }
        put(at, end, came, start, on);
    }

    private void move(int from, int to) {
        put(to, done[from], arrived[from], began[from], replica[from]);
    }

    private void put(int at, double end, double came, double start, int on) {
        done[at] = end;
        arrived[at] = came;
        began[at] = start;
        replica[at] = on;
    }

    private void grow() {
        done = Arrays.copyOf(done, 2 * size);
        arrived = Arrays.copyOf(arrived, 2 * size);
        began = Arrays.copyOf(began, 2 * size);
        replica = Arrays.copyOf(replica, 2 * size);
    }
}
