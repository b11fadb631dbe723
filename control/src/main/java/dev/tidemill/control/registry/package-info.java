/// Models, versions, aliases and training runs, in PostgreSQL. A version is made once and never
/// changed; the database refuses it too.
@NullMarked
package dev.tidemill.control.registry;

import org.jspecify.annotations.NullMarked;
