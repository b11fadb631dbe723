/// The command line. [dev.tidemill.cli.Tidemill] picks a role or a command by the first argument.
@NullMarked
package dev.tidemill.cli;

import org.jspecify.annotations.NullMarked;
