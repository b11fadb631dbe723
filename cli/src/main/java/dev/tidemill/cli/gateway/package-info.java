/// A gateway's resource as the gateway's configuration: the same for one that runs alone from a
/// file and for one under `up`.
@NullMarked
package dev.tidemill.cli.gateway;

import org.jspecify.annotations.NullMarked;
