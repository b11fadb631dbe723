/// One class a command. Commands read options, call the packages beside, and print; they decide
/// nothing.
@NullMarked
package dev.tidemill.cli.command;

import org.jspecify.annotations.NullMarked;
