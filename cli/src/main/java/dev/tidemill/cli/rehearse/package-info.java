/// `tidemill rehearse` and `tidemill cost`: reads files, asks `rehearsal`, prints and writes what
/// it says.
@NullMarked
package dev.tidemill.cli.rehearse;

import org.jspecify.annotations.NullMarked;
