/// The horizontal pod autoscaler of Kubernetes 1.35 (`autoscaling/v2`), pass by pass, in doubles
/// and with its quirks: [Hpa#reconcile] is one pass over pods and metrics, [HpaPolicy] the same
/// arithmetic as one of our policies. Quantities are milli-units, times are milliseconds.
@NullMarked
package dev.tidemill.scaling.hpa;

import org.jspecify.annotations.NullMarked;
