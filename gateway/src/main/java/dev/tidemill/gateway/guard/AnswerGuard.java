package dev.tidemill.gateway.guard;

import dev.tidemill.guardrails.Edit;
import dev.tidemill.guardrails.Look;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// Looks at the answer to one request. Used by one thread.
public final class AnswerGuard {
    private final List<Look> looks;
    private final Look.Listener heard;

    private AnswerGuard(List<Look> looks, Look.Listener heard) {
        this.looks = looks;
        this.heard = heard;
    }

    /// Null when nothing looks at its answer.
    public static @Nullable AnswerGuard of(List<Guard> guards, GuardWatch watch) {
        List<Look> looks = new ArrayList<>(0);
        for (Guard guard : guards) {
            looks.addAll(guard.output());
        }
        return looks.isEmpty() ? null : new AnswerGuard(looks, watch.listener("answer"));
    }

    /// A whole answer as it passes.
    ///
    /// @throws dev.tidemill.common.TidemillException `CONTENT_FILTERED`
    public byte[] whole(byte[] body) {
        List<JsonTexts.Changed> changes = new ArrayList<>();
        try {
            for (JsonTexts.Text text : JsonTexts.of(body).texts()) {
                List<Edit> edits = Edit.of(text.value(), looks, heard, text.isJson());
                changes.add(new JsonTexts.Changed(text, edits));
            }
        } catch (JacksonException _) {
            return plain(body);
        }
        return Rewriter.rewrite(body, changes);
    }

    /// What is no JSON is text.
    private byte[] plain(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        List<Edit> edits = Edit.of(text, looks, heard, false);
        return edits.isEmpty() ? body : Edit.apply(text, edits).getBytes(StandardCharsets.UTF_8);
    }

    /// For an answer that comes as a stream of events.
    public EventGuard stream() {
        return new EventGuard(looks, heard);
    }
}
