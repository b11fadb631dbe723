package dev.tidemill.rehearsal.token;

import java.util.Arrays;

/// Requests in the order in which they came; some go back to the front.
final class Waiting {
    private double[] arrived = new double[1024];
    private int[] prompts = new int[1024];
    private int[] outputs = new int[1024];
    private int first;
    private int size;

    int size() {
        return size;
    }

    double arrived() {
        return arrived[first];
    }

    int prompt() {
        return prompts[first];
    }

    int output() {
        return outputs[first];
    }

    void add(double at, int prompt, int output) {
        grow();
        put((first + size) & (arrived.length - 1), at, prompt, output);
        size++;
    }

    void addFirst(double at, int prompt, int output) {
        grow();
        first = (first - 1) & (arrived.length - 1);
        put(first, at, prompt, output);
        size++;
    }

    void removeFirst() {
        first = (first + 1) & (arrived.length - 1);
        size--;
    }

    private void put(int slot, double at, int prompt, int output) {
        arrived[slot] = at;
        prompts[slot] = prompt;
        outputs[slot] = output;
    }

    private void grow() {
        if (size < arrived.length) {
            return;
        }
        int length = arrived.length;
        arrived = Arrays.copyOf(arrived, 2 * length);
        prompts = Arrays.copyOf(prompts, 2 * length);
        outputs = Arrays.copyOf(outputs, 2 * length);
        for (int i = 0; i < first; i++) {
            put(length + i, arrived[i], prompts[i], outputs[i]);
        }
    }
}
