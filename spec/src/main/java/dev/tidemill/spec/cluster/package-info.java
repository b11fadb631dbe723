/// What a file says of the cluster that it is applied to: how pods are placed, how a gateway is
/// reached, what an environment has. Nothing of it changes what `up` does on a laptop.
@NullMarked
package dev.tidemill.spec.cluster;

import org.jspecify.annotations.NullMarked;
