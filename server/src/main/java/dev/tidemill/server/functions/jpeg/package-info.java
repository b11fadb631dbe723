/// A JPEG decoder: sequential and progressive, Huffman coded, eight bits (ITU-T T.81).
///
/// The JDK's own reader is not for strangers' files: it makes a Java string for each warning while
/// it holds an array that the collector must not move. Where that string needs a collection, a JVM
/// with the serial collector stops for ever, and a file that is a little broken is enough. No
/// well-kept library in Java reads progressive files.
///
/// Pixels are those of libjpeg-turbo's default way, bit for bit: accurate integer transform, smooth
/// upsampling. What libjpeg warns of and goes on with, this refuses, and files that end before
/// their end marker or leave out a component; of progressive files without their last scans it
/// smooths nothing.
@NullMarked
package dev.tidemill.server.functions.jpeg;

import org.jspecify.annotations.NullMarked;
