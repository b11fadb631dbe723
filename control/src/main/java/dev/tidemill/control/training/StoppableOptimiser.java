package dev.tidemill.control.training;

import com.oracle.labs.mlrg.olcut.provenance.ConfiguredObjectProvenance;
import org.tribuo.math.Parameters;
import org.tribuo.math.StochasticGradientOptimiser;
import org.tribuo.math.la.Tensor;

/// An optimiser that looks at the deadline before each of its steps: Tribuo's trainers have no
/// other way to be stopped.
final class StoppableOptimiser implements StochasticGradientOptimiser {
    private final StochasticGradientOptimiser optimiser;
    private final Deadline deadline;

    StoppableOptimiser(StochasticGradientOptimiser optimiser, Deadline deadline) {
        this.optimiser = optimiser;
        this.deadline = deadline;
    }

    @Override
    public void initialise(Parameters parameters) {
        optimiser.initialise(parameters);
    }

    @Override
    public Tensor[] step(Tensor[] updates, double weight) {
        deadline.check();
        return optimiser.step(updates, weight);
    }

    @Override
    public void finalise() {
        optimiser.finalise();
    }

    @Override
    public void reset() {
        optimiser.reset();
    }

    @Override
    public StochasticGradientOptimiser copy() {
        return new StoppableOptimiser(optimiser.copy(), deadline);
    }

    @Override
    public ConfiguredObjectProvenance getProvenance() {
        return optimiser.getProvenance();
    }
}
