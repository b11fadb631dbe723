/// Certificates: a listener's own, and those by which our processes know one another. Read,
/// checked, and replaced while the process runs.
@NullMarked
package dev.tidemill.http.tls;

import org.jspecify.annotations.NullMarked;
