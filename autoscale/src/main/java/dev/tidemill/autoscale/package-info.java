/// The live loop: read what the gateway saw, ask [dev.tidemill.scaling], order replicas, and tell
/// every decision with its reason. Used by the laptop's supervisor and by the operator.
@NullMarked
package dev.tidemill.autoscale;

import org.jspecify.annotations.NullMarked;
