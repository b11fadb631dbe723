/// What tests of every module share: fakes that behave, contracts that each implementation of an
/// SPI must pass, and the check of generated documents.
@NullMarked
package dev.tidemill.testkit;

import org.jspecify.annotations.NullMarked;
