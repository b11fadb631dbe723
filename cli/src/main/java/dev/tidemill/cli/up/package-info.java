/// The laptop's supervisor: `up` starts the processes of a file as children, keeps them as the file
/// wants them, scales them, and answers the other commands over a socket.
@NullMarked
package dev.tidemill.cli.up;

import org.jspecify.annotations.NullMarked;
