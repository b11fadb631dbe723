package dev.tidemill.rehearsal.token;

/// What becomes of requests, for the outcome and for the signals since the last look.
final class Books {
    private final double limit;
    private final Histogram firstTokens = new Histogram();
    private final Histogram betweenTokens = new Histogram();
    private final Histogram lately = new Histogram();
    private double arrivedLately;
    private double promptsLately;
    private double outputsLately;
    private double begunLately;
    private double lateLately;
    private double residence;
    private double endedLately;
    private double tickBegun;
    private double tickLate;
    private long ended;
    private long outputs;

    Books(double limit) {
        this.limit = limit;
    }

    void arrived(int prompt) {
        arrivedLately++;
        promptsLately += prompt;
    }

    /// @param waited seconds until a replica began to work on it
    void begun(double waited) {
        begunLately++;
        tickBegun++;
        if (waited > limit) {
            lateLately++;
            tickLate++;
        }
    }

    /// So many were never begun, and never will be.
    void neverBegun(int requests) {
        tickBegun += requests;
        tickLate += requests;
    }

    void firstToken(double seconds) {
        firstTokens.add(seconds);
        lately.add(seconds);
    }

    void ended(double begunAt, double firstTokenAt, double now, int output) {
        ended++;
        endedLately++;
        outputs += output;
        outputsLately += output;
        residence += now - begunAt;
        if (output > 1) {
            betweenTokens.add((now - firstTokenAt) / (output - 1));
        }
    }

    double tickBegun() {
        return tickBegun;
    }

    double tickLate() {
        return tickLate;
    }

    void tick() {
        tickBegun = 0;
        tickLate = 0;
    }

    double arrivedLately() {
        return arrivedLately;
    }

    double promptsLately() {
        return promptsLately;
    }

    double outputsLately() {
        return outputsLately;
    }

    double lateLately() {
        return begunLately > 0 ? lateLately / begunLately : 0;
    }

    /// @return not-a-number when nothing ended
    double slotSeconds() {
        return endedLately > 0 ? residence / endedLately : Double.NaN;
    }

    double p99() {
        return lately.quantile(0.99);
    }

    void look() {
        arrivedLately = 0;
        promptsLately = 0;
        outputsLately = 0;
        begunLately = 0;
        lateLately = 0;
        residence = 0;
        endedLately = 0;
        lately.clear();
    }

    long ended() {
        return ended;
    }

    long outputs() {
        return outputs;
    }

    Histogram firstTokens() {
        return firstTokens;
    }

    Histogram betweenTokens() {
        return betweenTokens;
    }
}
