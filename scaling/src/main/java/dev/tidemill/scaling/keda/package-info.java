/// KEDA: its operator moves 0 to 1 and back, the horizontal pod autoscaler everything above.
@NullMarked
package dev.tidemill.scaling.keda;

import org.jspecify.annotations.NullMarked;
