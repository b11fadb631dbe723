/// A listener's certificate: read, checked, and replaced while it listens.
@NullMarked
package dev.tidemill.http.tls;

import org.jspecify.annotations.NullMarked;
