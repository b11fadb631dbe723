/// The gateway's process: one address for every model, balanced over ready replicas, with no
/// request lost when one of them dies. [dev.tidemill.gateway.GatewayProcess] is its composition
/// root.
@NullMarked
package dev.tidemill.gateway;

import org.jspecify.annotations.NullMarked;
