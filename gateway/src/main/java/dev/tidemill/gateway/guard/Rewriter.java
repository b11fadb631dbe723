package dev.tidemill.gateway.guard;

import dev.tidemill.guardrails.Edit;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import tools.jackson.core.io.JsonStringEncoder;

/// Makes changes to texts of a JSON document; every other byte stays as it was.
final class Rewriter {
    private final byte[] json;
    private final ByteArrayOutputStream out;
    private int copied;

    private Rewriter(byte[] json) {
        this.json = json;
        this.out = new ByteArrayOutputStream(json.length + 64);
    }

    static byte[] rewrite(byte[] json, List<JsonTexts.Changed> changes) {
        boolean any = false;
        for (JsonTexts.Changed change : changes) {
            any |= !change.edits().isEmpty();
        }
        if (!any) {
            return json;
        }
        Rewriter rewriter = new Rewriter(json);
        changes.stream()
                .sorted(Comparator.comparingInt(change -> change.text().from()))
                .forEach(rewriter::change);
        rewriter.copy(json.length);
        return rewriter.out.toByteArray();
    }

    private void change(JsonTexts.Changed changed) {
        int at = changed.text().from();
        int character = 0;
        for (Edit edit : changed.edits()) {
            while (character < edit.from()) {
                character += width(at);
                at += bytes(at);
            }
            copy(at);
            out.writeBytes(
                    new String(JsonStringEncoder.getInstance().quoteAsCharArray(edit.with()))
                            .getBytes(StandardCharsets.UTF_8));
            while (character < edit.to()) {
                character += width(at);
                at += bytes(at);
            }
            copied = at;
        }
    }

    private void copy(int to) {
        out.write(json, copied, to - copied);
        copied = to;
    }

    /// How many bytes the character that begins there has.
    private int bytes(int at) {
        int first = json[at] & 0xff;
        if (first == '\\') {
            return json[at + 1] == 'u' ? 6 : 2;
        }
        return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    }

    /// How many `char` it is.
    private int width(int at) {
        return (json[at] & 0xff) >= 0xf0 ? 2 : 1;
    }
}
