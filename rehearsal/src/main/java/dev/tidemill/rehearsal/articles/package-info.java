/// The day and the cost table of the articles that the product was asked from, played again from
/// stated inputs, with what holds and what does not.
@NullMarked
package dev.tidemill.rehearsal.articles;

import org.jspecify.annotations.NullMarked;
