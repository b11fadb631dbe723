/// Throws broken inputs at the server's readers: what makes them, and what watches the answers. The
/// tests that use it are beside what they test; `dev/fuzz` runs them for a million inputs each.
@NullMarked
package dev.tidemill.server.fuzz;

import org.jspecify.annotations.NullMarked;
