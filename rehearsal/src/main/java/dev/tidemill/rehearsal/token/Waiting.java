package dev.tidemill.rehearsal.token;

import java.util.Arrays;

/// Requests in the order in which they came; some go back to the front.
final class Waiting {
    /// No replica has begun to work on it.
    static final int FRESH = 0;

    /// A replica has begun: whether it was late is known, and may be counted once only.
    static final int BEGUN = 1;

    /// Its first token was given too.
    static final int TOLD = 2;

    private double[] arrived = new double[1024];
    private int[] prompts = new int[1024];
    private int[] outputs = new int[1024];
    private int[] stages = new int[1024];
    private int first;
    private int fresh;
    private int size;

    int size() {
        return size;
    }

    /// How many no replica has ever begun to work on.
    int fresh() {
        return fresh;
    }

    int stage() {
        return stages[first];
    }

    /// A replica begins to work on the first one.
    void begin() {
        if (stages[first] == FRESH) {
            stages[first] = BEGUN;
            fresh--;
        }
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

    void add(double at, int prompt, int output, int stage) {
        grow();
        put((first + size) & (arrived.length - 1), at, prompt, output, stage);
        fresh += stage == FRESH ? 1 : 0;
        size++;
    }

    void addFirst(double at, int prompt, int output, int stage) {
        grow();
        first = (first - 1) & (arrived.length - 1);
        put(first, at, prompt, output, stage);
        fresh += stage == FRESH ? 1 : 0;
        size++;
    }

    void removeFirst() {
        fresh -= stages[first] == FRESH ? 1 : 0;
        first = (first + 1) & (arrived.length - 1);
        size--;
    }

    private void put(int slot, double at, int prompt, int output, int stage) {
        arrived[slot] = at;
        prompts[slot] = prompt;
        outputs[slot] = output;
        stages[slot] = stage;
    }

    private void grow() {
        if (size < arrived.length) {
            return;
        }
        int length = arrived.length;
        arrived = Arrays.copyOf(arrived, 2 * length);
        prompts = Arrays.copyOf(prompts, 2 * length);
        outputs = Arrays.copyOf(outputs, 2 * length);
        stages = Arrays.copyOf(stages, 2 * length);
        for (int i = 0; i < first; i++) {
            put(length + i, arrived[i], prompts[i], outputs[i], stages[i]);
        }
    }
}
