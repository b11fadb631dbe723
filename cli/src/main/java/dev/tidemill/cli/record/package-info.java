/// `record`: live traffic becomes a trace, counts by minute or single requests, as `rehearse` reads
/// them.
@NullMarked
package dev.tidemill.cli.record;

import org.jspecify.annotations.NullMarked;
