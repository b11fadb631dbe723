/// A rehearsal as one page of HTML that needs nothing else: drawings as SVG, light and dark, words
/// under the pointer, no script, nothing fetched.
@NullMarked
package dev.tidemill.rehearsal.report;

import org.jspecify.annotations.NullMarked;
