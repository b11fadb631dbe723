/// What all inference protocols share; each has a package below and a line in `Protocols`.
@NullMarked
package dev.tidemill.server.protocol;

import org.jspecify.annotations.NullMarked;
