/// What requests cost: prices by model, and what clients and metrics are told.
@NullMarked
package dev.tidemill.gateway.cost;

import org.jspecify.annotations.NullMarked;
