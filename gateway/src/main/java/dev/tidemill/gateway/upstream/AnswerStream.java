package dev.tidemill.gateway.upstream;

import dev.tidemill.http.tracing.Span;
import dev.tidemill.routing.FailureKind;
import io.helidon.common.buffers.BufferData;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The body of an answer that is passed on while it comes. Its first piece is here already, so that
/// a replica that dies between head and body has passed on nothing.
public final class AnswerStream implements AutoCloseable {
    private final Replica replica;
    private final UpstreamConnection connection;
    private final BodyReader body;
    private final BodyFraming framing;
    private final boolean keepAlive;
    private @Nullable BufferData first;
    private @Nullable BodyTranslation translation;
    private boolean translated;
    private Span span = Span.NONE;
    private boolean closed;

    AnswerStream(
            Replica replica,
            UpstreamConnection connection,
            AnswerHead head,
            BodyReader body,
            BodyFraming framing,
            @Nullable BufferData first) {
        this.replica = replica;
        this.connection = connection;
        this.body = body;
        this.framing = framing;
        this.keepAlive = head.keepAlive();
        this.first = first;
    }

    /// How long it is, if that is known.
    public OptionalLong length() {
        return framing instanceof BodyFraming.Length(long bytes) && translation == null
                ? OptionalLong.of(bytes)
                : OptionalLong.empty();
    }

    /// Ends the span when the stream is closed.
    public void onEnd(Span given) {
        span = given;
    }

    /// Gives what this makes of the body from now on, which then has no known length.
    public void translate(BodyTranslation given) {
        translation = given;
    }

    /// The next piece, waiting for it; null at the end.
    public @Nullable BufferData next() throws AttemptFailed {
        BodyTranslation given = translation;
        return given == null ? untranslated() : translated(given);
    }

    private @Nullable BufferData translated(BodyTranslation given) throws AttemptFailed {
        try {
            while (!translated) {
                BufferData piece = untranslated();
                translated = piece == null;
                byte[] made = piece == null ? given.end() : given.next(piece.readBytes());
                if (made.length > 0) {
                    return BufferData.create(made);
                }
            }
            return null;
        } catch (BodyTranslation.Broken e) {
            throw new AttemptFailed(FailureKind.CUT_AFTER_FIRST_BYTE_SENT, e);
        }
    }

    private @Nullable BufferData untranslated() throws AttemptFailed {
        BufferData piece = first;
        if (piece != null) {
            first = null;
            return piece;
        }
        return connection.next(body);
    }

    /// Stops the replica's work unless it is done.
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            if (!body.hasEnded()) {
                span.fail("cut_off");
            }
            span.end();
            replica.finish(connection, keepAlive && body.hasEnded());
        }
    }
}
