/// Building the image out of the distribution, by whatever builder this machine has.
@NullMarked
package dev.tidemill.cli.image;

import org.jspecify.annotations.NullMarked;
