/// What `up` keeps in `.tidemill/`: who runs, where its socket is, what it must clean up.
@NullMarked
package dev.tidemill.cli.state;

import org.jspecify.annotations.NullMarked;
