/// `record`: live traffic becomes a trace, counts by minute as `rehearse` reads them.
@NullMarked
package dev.tidemill.cli.record;

import org.jspecify.annotations.NullMarked;
