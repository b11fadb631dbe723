package dev.tidemill.spec;

import dev.tidemill.common.ByteSize;

/// What this machine has, as the caller found it.
public interface MachineFacts {
    /// @param path as written in the file: relative to the folder of the file, or absolute
    FileState file(String path);

    /// Whether a server can listen there now. Not asked for port 0.
    boolean portFree(String host, int port);

    /// The folder for state, as people know it.
    String dataDirectory();

    /// What the file system of the data folder still takes.
    ByteSize freeSpace();

    /// What has to be free there before anything starts.
    ByteSize neededSpace();

    /// Whether that can be run: found on the PATH, or by a path as of [#file].
    boolean isProgram(String name);

    /// Whether that variable is set in the environment.
    boolean hasVariable(String name);

    /// What a path leads to.
    enum FileState {
        READABLE,
        MISSING,
        FOLDER,
        UNREADABLE
    }
}
