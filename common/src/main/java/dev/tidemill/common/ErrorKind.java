package dev.tidemill.common;

/// Whose fault a failure is, so that failures can be counted by who must act.
public enum ErrorKind {
    /// The request, file or command is wrong; sending it again unchanged cannot help.
    CALLER,
    /// We are full or not ready; the same request may succeed later.
    CAPACITY,
    /// Something that we depend on failed.
    UPSTREAM,
    /// A defect of ours.
    INTERNAL
}
