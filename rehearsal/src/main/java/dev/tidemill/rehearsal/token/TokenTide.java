package dev.tidemill.rehearsal.token;

import dev.tidemill.rehearsal.MinuteTrace;
import dev.tidemill.rehearsal.trace.RequestSource;
import java.util.SplittableRandom;

/// Requests with tokens that are made up: as many a minute as a trace says, in gaps as uneven as
/// wanted, with prompts and answers of log-normal lengths. Without end in memory: one at a time.
public final class TokenTide implements RequestSource {
    /// How long prompts and answers are.
    ///
    /// @param prompt tokens of the middle one; spread is the standard deviation of the logarithm
    public record Lengths(
            double prompt, double promptSpread, double output, double outputSpread, int longest) {
        /// As the conversations that Mooncake published: prompts of 7 thousand tokens, few answers
        /// of more than a thousand.
        public static final Lengths MOONCAKE = new Lengths(6900, 1.08, 350, 0.5, 120_000);

        /// As Azure's conversation service of 2023: prompts of a thousand tokens.
        public static final Lengths AZURE = new Lengths(1020, 0.6, 129, 0.66, 16_000);

        /// Without tokens.
        public static final Lengths NONE = new Lengths(0, 0, 0, 0, 0);

        /// Tokens of a prompt on average, which is far above the middle one.
        public double meanPrompt() {
            return prompt * Math.exp(promptSpread * promptSpread / 2);
        }

        /// Tokens of an answer on average.
        public double meanOutput() {
            return output * Math.exp(outputSpread * outputSpread / 2);
        }
    }

    private final MinuteTrace shape;
    private final Lengths lengths;
    private final double gapShape;
    private final SplittableRandom random;
    private int minute;
    private double passed;
    private double at;
    private int prompt;
    private int output;

    /// @param variation of the gaps: their standard deviation over their mean; 1 for random ones
    public TokenTide(MinuteTrace shape, double variation, Lengths lengths, long seed) {
        this.shape = shape;
        this.lengths = lengths;
        this.gapShape = 1 / (variation * variation);
        this.random = new SplittableRandom(seed);
    }

    @Override
    public boolean next() {
        double gap = gap();
        // A gap is a number of requests that could have been: it takes longer when there are few.
        while (minute < shape.minutes()) {
            double left = shape.count(minute) * (1 - passed);
            if (gap < left) {
                passed += gap / shape.count(minute);
                at = shape.startMillis() / 1000.0 + (minute + passed) * 60;
                prompt = length(lengths.prompt(), lengths.promptSpread());
                output = length(lengths.output(), lengths.outputSpread());
                return true;
            }
            gap -= left;
            minute++;
            passed = 0;
        }
        return false;
    }

    private int length(double middle, double spread) {
        return middle == 0
                ? 0
                : (int)
                        Math.clamp(
                                Math.rint(middle * Math.exp(spread * random.nextGaussian())),
                                1,
                                lengths.longest());
    }

    private double gap() {
        return gapShape == 1 ? -Math.log(1 - random.nextDouble()) : gamma(gapShape) / gapShape;
    }

    /// Marsaglia and Tsang's way; below 1 by way of the shape one above.
    private double gamma(double shape) {
        if (shape < 1) {
            return gamma(shape + 1) * Math.pow(random.nextDouble(), 1 / shape);
        }
        double d = shape - 1.0 / 3;
        double c = 1 / Math.sqrt(9 * d);
        while (true) {
            double x = random.nextGaussian();
            double v = 1 + c * x;
            if (v > 0) {
                v = v * v * v;
                double u = random.nextDouble();
                if (Math.log(u) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
                    return d * v;
                }
            }
        }
    }

    @Override
    public double atSeconds() {
        return at;
    }

    @Override
    public int prompt() {
        return prompt;
    }

    @Override
    public int output() {
        return output;
    }
}
