/// What a model version is (its files, manifest and text features) and what runs it. Training and
/// serving share this package, so both see the same features.
@NullMarked
package dev.tidemill.runtimes.spi;

import org.jspecify.annotations.NullMarked;
