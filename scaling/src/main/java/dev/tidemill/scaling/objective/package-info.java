/// Our own policy: as few replicas as keep an objective such as "at most 1 % of requests wait
/// longer than 2 s". Demand is forecast over the time that a new replica needs to start, a queueing
/// formula turns it into replicas, and the margin between the two is learned from how often it was
/// needed.
@NullMarked
package dev.tidemill.scaling.objective;

import org.jspecify.annotations.NullMarked;
