package dev.tidemill.cli.process;

/// What a child process tells its supervisor.
public sealed interface ChildEvent {
    /// Its main listener is bound.
    record Listening(int port) implements ChildEvent {}

    /// Its gRPC listener is bound, before its main one is.
    record GrpcListening(int port) implements ChildEvent {}

    /// Its admin listener is bound.
    record AdminListening(int port) implements ChildEvent {}

    /// It can take work.
    record Ready() implements ChildEvent {}

    /// It is gone.
    record Exited(int code) implements ChildEvent {}
}
