package dev.tidemill.rehearsal.slot;

import dev.tidemill.rehearsal.Service;
import dev.tidemill.scaling.Signal;
import dev.tidemill.scaling.Signals;
import java.util.Arrays;

/// What gateways and servers would have measured between two looks.
final class Seen {
    /// Of its request, busy or not: what a Java service or a model server usually has.
    private static final double MEMORY = 0.5;

    /// Processors are read as means over this.
    private static final double CPU_SECONDS = 15;

    private final Service service;
    private final int delay;
    private final int window;
    private final double[] busyUntil;
    private final double[] readyUntil;
    private double[] responses = new double[256];
    private int ended;
    private int late;
    private double slotSeconds;
    private int arrived;
    private double flight;
    private double flightBefore;
    private double busy;
    private double ready;
    private long looks;
    private double startSeconds = Double.NaN;

    Seen(Service service, double lookSeconds) {
        this.service = service;
        this.window = (int) Math.max(1, Math.rint(CPU_SECONDS / lookSeconds));
        this.delay = (int) Math.rint(service.cpuDelay().toMillis() / 1000.0 / lookSeconds);
        this.busyUntil = new double[window + delay + 1];
        this.readyUntil = new double[window + delay + 1];
    }

    /// @param inFlight at the gateway, those of replicas that go included
    void pass(double seconds, int inFlight, int busySlots, int readyReplicas) {
        flight += inFlight * seconds;
        busy += busySlots * seconds;
        ready += readyReplicas * seconds;
    }

    void arrived() {
        arrived++;
    }

    void started(double seconds) {
        startSeconds = seconds;
    }

    void ended(double waited, double worked) {
        if (ended == responses.length) {
            responses = Arrays.copyOf(responses, 2 * ended);
        }
        responses[ended++] = waited + worked;
        slotSeconds += worked;
        late += waited > service.limitSeconds() ? 1 : 0;
    }

    /// And begins anew.
    ///
    /// @param waiting requests that wait now
    Signals look(long now, int ordered, int readyNow, int waiting, double seconds) {
        Signals.Builder signals =
                Signals.at(now, ordered, readyNow)
                        .with(Signal.ARRIVALS, arrived / seconds)
                        .with(Signal.IN_FLIGHT, (flight - flightBefore) / seconds)
                        .with(Signal.WAITING, waiting)
                        .with(Signal.QUEUE_DEPTH, waiting)
                        .with(Signal.LAG, waiting)
                        .with(Signal.MEMORY, MEMORY)
                        .with(Signal.START_SECONDS, startSeconds);
        if (ended > 0) {
            Arrays.sort(responses, 0, ended);
            signals.with(Signal.P99, responses[(int) Math.ceil(ended * 0.99) - 1])
                    .with(Signal.SLOT_SECONDS, slotSeconds / ended)
                    .with(Signal.LATE, (double) late / ended);
        } else if (flight == flightBefore) {
            signals.with(Signal.P99, 0);
        }
        double cpu = cpu();
        signals.with(Signal.CPU, cpu).with(Signal.GPU, cpu);
        silent();
        return signals.build();
    }

    /// A look at which nothing could be read; what is counted begins anew all the same.
    void silent() {
        busyUntil[(int) (looks % busyUntil.length)] = busy;
        readyUntil[(int) (looks % readyUntil.length)] = ready;
        looks++;
        flightBefore = flight;
        arrived = 0;
        ended = 0;
        late = 0;
        slotSeconds = 0;
    }

    /// Of the slots that were there then; not-a-number before the first reading.
    private double cpu() {
        long to = looks - delay;
        if (to < 0) {
            return Double.NaN;
        }
        double busyTo = delay == 0 ? busy : busyUntil[(int) (to % busyUntil.length)];
        double readyTo = delay == 0 ? ready : readyUntil[(int) (to % readyUntil.length)];
        long from = to - window;
        double busyFrom = from < 0 ? 0 : busyUntil[(int) (from % busyUntil.length)];
        double readyFrom = from < 0 ? 0 : readyUntil[(int) (from % readyUntil.length)];
        return (busyTo - busyFrom) / ((readyTo - readyFrom) * service.slots());
    }
}
