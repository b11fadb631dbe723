/// Rules as people write them down: CPU at 70 %, a queue of 100 a replica, the GPU above 80 %
/// doubles. Most are metrics of the horizontal pod autoscaler; two are steps.
@NullMarked
package dev.tidemill.scaling.rules;

import org.jspecify.annotations.NullMarked;
