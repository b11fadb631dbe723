/// Live scaling: the loop of `autoscale` over what gateways and servers of a cluster say, with
/// orders to the scale of Deployments.
@NullMarked
package dev.tidemill.operator.scale;

import org.jspecify.annotations.NullMarked;
