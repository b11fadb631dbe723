package dev.tidemill.gateway.forward;

import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.audit.Noted;
import dev.tidemill.gateway.guard.EventGuard;
import dev.tidemill.gateway.openai.EventFilter;
import org.jspecify.annotations.Nullable;

/// A stream's way from the upstream to the client: what is learnt of it, and what must not pass.
///
/// @param guard null when nothing looks at it
/// @param keeping null when no copy is wanted
record Passing(
        EventFilter filter, @Nullable EventGuard guard, @Nullable Keeping keeping, EventOut out) {
    /// @throws TidemillException `CONTENT_FILTERED`, when nothing of it may follow
    void pass(byte[] piece) {
        byte[] passed = filter.pass(piece);
        if (keeping != null) {
            keeping.events(passed);
        }
        write(guard == null ? passed : guarded(guard, passed));
    }

    private byte[] guarded(EventGuard looking, byte[] passed) {
        try {
            return looking.pass(passed);
        } catch (TidemillException e) {
            write(looking.decided());
            throw e;
        }
    }

    /// What is left of a stream that has ended by itself.
    void rest() {
        byte[] rest = filter.rest();
        if (keeping != null) {
            keeping.events(rest);
        }
        ended();
        if (guard == null) {
            Noted.answered(rest);
            out.write(rest, false);
        } else {
            write(guarded(guard, rest));
            write(guard.rest());
        }
    }

    /// It has said that it is done; what follows is nobody's.
    void done() {
        ended();
        if (guard != null) {
            write(guard.rest());
        }
    }

    private void ended() {
        // Without that word it may have been cut where its upstream's connection ended.
        if (keeping != null && (filter.isDone() || filter.isCompleted())) {
            keeping.ended();
        }
    }

    /// What is left of one that broke off.
    void cut() {
        if (guard != null) {
            try {
                write(guard.cut());
            } catch (TidemillException e) {
                // It ends with an error anyway.
                Noted.failed(e.code(), String.valueOf(e.getMessage()));
            }
        }
    }

    /// Whether an event has begun and not ended, in what was passed on.
    boolean isInEvent() {
        return guard == null && filter.isInEvent();
    }

    private void write(byte[] passed) {
        Noted.answered(passed);
        out.write(passed, isInEvent());
    }
}
