/// The model server's process: reads its configuration, builds its parts by hand, serves, drains.
@NullMarked
package dev.tidemill.server;

import org.jspecify.annotations.NullMarked;
