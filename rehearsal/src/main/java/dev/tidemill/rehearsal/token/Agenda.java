package dev.tidemill.rehearsal.token;

import java.util.Arrays;

/// When each replica next has something to do; the earliest first, the lower number on a tie.
final class Agenda {
    private int[] heap = new int[64];
    private int[] place = new int[64];
    private double[] when = new double[64];
    private int size;

    Agenda() {
        Arrays.fill(place, -1);
    }

    /// @param at infinite for nothing to do
    void set(int replica, double at) {
        grow(replica + 1);
        if (place[replica] < 0) {
            if (at == Double.POSITIVE_INFINITY) {
                return;
            }
            place[replica] = size;
            heap[size++] = replica;
        }
        when[replica] = at;
        int here = place[replica];
        if (at == Double.POSITIVE_INFINITY) {
            remove(here);
            return;
        }
        up(here);
        down(place[replica]);
    }

    /// @return infinite when nobody has anything to do
    double next() {
        return size == 0 ? Double.POSITIVE_INFINITY : when[heap[0]];
    }

    int first() {
        return heap[0];
    }

    private void remove(int at) {
        place[heap[at]] = -1;
        size--;
        if (at < size) {
            int moved = heap[size];
            heap[at] = moved;
            place[moved] = at;
            up(at);
            down(place[moved]);
        }
    }

    private void up(int from) {
        int at = from;
        while (at > 0 && before(heap[at], heap[(at - 1) / 2])) {
            swap(at, (at - 1) / 2);
            at = (at - 1) / 2;
        }
    }

    private void down(int from) {
        int at = from;
        while (true) {
            int least = at;
            for (int child = 2 * at + 1; child <= 2 * at + 2 && child < size; child++) {
                least = before(heap[child], heap[least]) ? child : least;
            }
            if (least == at) {
                return;
            }
            swap(at, least);
            at = least;
        }
    }

    private boolean before(int one, int other) {
        return when[one] < when[other] || (when[one] == when[other] && one < other);
    }

    private void swap(int one, int other) {
        int moved = heap[one];
        heap[one] = heap[other];
        heap[other] = moved;
        place[heap[one]] = one;
        place[heap[other]] = other;
    }

    private void grow(int wanted) {
        if (wanted > place.length) {
            int length = Math.max(wanted, place.length * 2);
            int before = place.length;
            heap = Arrays.copyOf(heap, length);
            place = Arrays.copyOf(place, length);
            when = Arrays.copyOf(when, length);
            Arrays.fill(place, before, length, -1);
        }
    }
}
