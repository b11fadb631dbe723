package dev.tidemill.routing;

/// How far an attempt came before it failed.
public enum FailureKind {
    /// No connection: the request was never sent.
    CONNECT_REFUSED("could not be reached"),
    /// A kept connection had ended before it was used again: the request was most likely never
    /// read.
    STALE_CONNECTION("had closed the kept connection"),
    /// A new connection ended after the request was sent and before any of an answer came.
    RESET_BEFORE_ANSWER("ended the connection before answering"),
    /// The answer ended early, or was not HTTP; none of it has reached the client.
    CUT_MID_ANSWER_BUFFERED("broke off its answer"),
    /// The answer ended early when the client had some of it.
    CUT_AFTER_FIRST_BYTE_SENT("broke off its answer when some of it had been passed on"),
    /// The time of the request is over.
    TIMEOUT("did not answer in time"),
    /// Nobody waits for the answer any more; the replica has not failed.
    CLIENT_LEFT("was answering when the client left");

    private final String wording;

    FailureKind(String wording) {
        this.wording = wording;
    }

    /// What the replica did, to follow its name in a sentence.
    public String wording() {
        return wording;
    }
}
