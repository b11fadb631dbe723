package dev.tidemill.gateway.cache;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Looking for the question nearest in meaning in a full cache of the gateway, none of which is near
/// enough: all of them are looked at. Embeddings have something in common, as those of texts have:
/// two of them have a cosine of about 0.6.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class SemanticLookup {
    private static final int SEED = 20260401;
    private static final double COMMON = 0.77;
    private static final long TTL = Long.MAX_VALUE;

    @Param({"10000"})
    public int entries;

    @Param({"384", "1536"})
    public int dimensions;

    @Param({"0.97", "0.85"})
    public double threshold;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final CacheKey around = new CacheKey(1, 2, 3, 4);
    private AnswerStore store;
    private Meaning asked;
    private float[] common;
    private long number;

    @Setup(Level.Trial)
    public void fill() {
        store = new AnswerStore(entries, Long.MAX_VALUE / 2, TTL);
        common = direction();
        for (number = 0; number < entries; number++) {
            keep();
        }
        asked = Meaning.of(around, question());
    }

    /// As with every request that finds nothing.
    @Benchmark
    public Object lookup() {
        return store.nearest(asked, threshold, 0);
    }

    /// The same after another answer was kept, as its own is in turn.
    @Benchmark
    public Object keepAndLookup() {
        number++;
        store.put(
                new CacheKey(number, 0, 0, 0),
                new CachedAnswer("application/json", new byte[0], false, 0),
                asked(number));
        return store.nearest(asked, threshold, 0);
    }

    private Meaning[] others;

    private Meaning asked(long which) {
        if (others == null) {
            others = new Meaning[64];
            for (int i = 0; i < others.length; i++) {
                others[i] = Meaning.of(around, question());
            }
        }
        return others[(int) (which % others.length)];
    }

    private void keep() {
        store.put(
                new CacheKey(number, 0, 0, 0),
                new CachedAnswer("application/json", new byte[0], false, 0),
                Meaning.of(around, question()));
    }

    private float[] question() {
        float[] own = direction();
        float[] question = new float[dimensions];
        for (int i = 0; i < dimensions; i++) {
            question[i] =
                    (float) (COMMON * common[i] + Math.sqrt(1 - COMMON * COMMON) * own[i]);
        }
        return question;
    }

    private float[] direction() {
        float[] vector = new float[dimensions];
        double square = 0;
        for (int i = 0; i < dimensions; i++) {
            vector[i] = (float) random.nextGaussian();
            square += (double) vector[i] * vector[i];
        }
        for (int i = 0; i < dimensions; i++) {
            vector[i] /= (float) Math.sqrt(square);
        }
        return vector;
    }
}
