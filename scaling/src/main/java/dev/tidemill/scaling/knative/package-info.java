/// Knative's pod autoscaler (KPA): requests in flight, or a second, over a stable window of a
/// minute and a panic window of seconds.
@NullMarked
package dev.tidemill.scaling.knative;

import org.jspecify.annotations.NullMarked;
