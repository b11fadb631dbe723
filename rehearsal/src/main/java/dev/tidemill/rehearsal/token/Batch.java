package dev.tidemill.rehearsal.token;

import java.util.Arrays;

/// Sequences that are being generated, the one that ends first at the top; ended by counting steps,
/// because all of them get one token a step.
final class Batch {
    private long[] ends = new long[16];
    private int[] prompts = new int[16];
    private int[] outputs = new int[16];
    private double[] begun = new double[16];
    private double[] firstToken = new double[16];
    private int size;

    int size() {
        return size;
    }

    long firstEnd() {
        return ends[0];
    }

    int prompt() {
        return prompts[0];
    }

    int output() {
        return outputs[0];
    }

    /// When a replica began to work on it.
    double begun() {
        return begun[0];
    }

    double firstToken() {
        return firstToken[0];
    }

    void add(long end, int prompt, int output, double begunAt, double firstTokenAt) {
        if (size == ends.length) {
            grow();
        }
        ends[size] = end;
        prompts[size] = prompt;
        outputs[size] = output;
        begun[size] = begunAt;
        firstToken[size] = firstTokenAt;
        int at = size++;
        while (at > 0 && ends[at] < ends[(at - 1) / 2]) {
            swap(at, (at - 1) / 2);
            at = (at - 1) / 2;
        }
    }

    void removeFirst() {
        size--;
        swap(0, size);
        int at = 0;
        while (true) {
            int least = at;
            for (int child = 2 * at + 1; child <= 2 * at + 2 && child < size; child++) {
                least = ends[child] < ends[least] ? child : least;
            }
            if (least == at) {
                return;
            }
            swap(at, least);
            at = least;
        }
    }

    private void swap(int one, int other) {
        long end = ends[one];
        ends[one] = ends[other];
        ends[other] = end;
        int prompt = prompts[one];
        prompts[one] = prompts[other];
        prompts[other] = prompt;
        int output = outputs[one];
        outputs[one] = outputs[other];
        outputs[other] = output;
        double begin = begun[one];
        begun[one] = begun[other];
        begun[other] = begin;
        double first = firstToken[one];
        firstToken[one] = firstToken[other];
        firstToken[other] = first;
    }

    private void grow() {
        int length = ends.length * 2;
        ends = Arrays.copyOf(ends, length);
        prompts = Arrays.copyOf(prompts, length);
        outputs = Arrays.copyOf(outputs, length);
        begun = Arrays.copyOf(begun, length);
        firstToken = Arrays.copyOf(firstToken, length);
    }
}
