/// How much clients may ask: the meters that module `limits` decides about, and what clients are
/// told of them.
@NullMarked
package dev.tidemill.gateway.admission;

import org.jspecify.annotations.NullMarked;
